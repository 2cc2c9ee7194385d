#pragma once
// The frame of a verb: what it answers, and how the answer is printed. Verbs hold no logic; workflow does.

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "host/project/project.h"

namespace edgesmith::cli {

using Document = nlohmann::ordered_json;

/// What a verb came to: one flat document for programs, text for people.
struct Answer {
  Document document = Document::object();
  std::string text;
  bool holds = true;  // false: something that was checked does not hold; exit status 1
};

/// The verb that was chosen on the command line, ready to run.
struct Chosen {
  std::function<Answer()> run;
  bool json = false;
};

/// A verb with --json and a help text; `run` is called after parsing.
CLI::App* add_verb(CLI::App& app, Chosen& chosen, const std::string& name, const std::string& help,
                   std::function<Answer()> run);

/// The optional PROJECT argument: a folder with edgesmith.toml, by default the nearest one upward.
void add_project(CLI::App* verb, std::string& folder);
Project open_project(const std::string& folder);

void add_data_verbs(CLI::App& app, Chosen& chosen);      // new, import, split
void add_model_verbs(CLI::App& app, Chosen& chosen);     // train, quantize, evaluate
void add_network_verbs(CLI::App& app, Chosen& chosen);   // inspect, convert, run, verify, bench
void add_firmware_verbs(CLI::App& app, Chosen& chosen);  // compile, build, flash, test, replay
void add_whole_verbs(CLI::App& app, Chosen& chosen);     // make, report, targets

/// Parses, runs, prints. Returns the exit status: 0 done and all holds, 1 a check did not hold, 2 the request is wrong,
/// 3 something is not available, 4 our own defect.
int run_command_line(int argc, const char* const* argv);

}  // namespace edgesmith::cli
