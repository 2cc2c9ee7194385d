#include "host/cli/command.h"

int main(int argc, char** argv) {
  return edgesmith::cli::run_command_line(argc, argv);
}
