/* The system SQLite: one copy for every pack in the process. */
#include <sqlite3.h>
