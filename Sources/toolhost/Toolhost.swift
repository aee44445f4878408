// Filled in next.

import ArgumentParser
import ToolHost

@main
struct Toolhost: ParsableCommand {}
