/* libyaml, as the host uses it: its parser of events. */
#include <yaml.h>
