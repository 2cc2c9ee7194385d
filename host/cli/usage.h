#pragma once
// A command line that does not parse, explained.

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

#include "host/base/error.h"

namespace edgesmith::cli {

/// What is wrong with `words` (without the program's name), which `app` refused with `problem`. Code "cli.usage".
ErrorText explain_usage(const CLI::App& app, const CLI::ParseError& problem, const std::vector<std::string>& words);

/// An option that stands where another's value should: "--target --json" parses, with a board called --json.
std::optional<ErrorText> swallowed_option(const CLI::App& app);

}  // namespace edgesmith::cli
