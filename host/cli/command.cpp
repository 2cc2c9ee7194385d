#include "host/cli/command.h"

#include <cstdio>
#include <iostream>

#include "host/base/error.h"
#include "host/cli/usage.h"
#include "host/workflow/version.h"

namespace edgesmith::cli {
namespace {

Document head(bool ok) {
  Document document;
  document["edgesmith"] = kVersion;
  document["ok"] = ok;
  return document;
}

void print_document(const Document& document) {
  // Paths and labels may hold bytes that are not UTF-8; they are shown as replacement characters.
  std::cout << document.dump(2, ' ', false, Document::error_handler_t::replace) << std::endl;
}

int fail(const ErrorText& text, ErrorKind kind, bool json) {
  if (!json) {
    std::cerr << to_text(text) << std::endl;
    return static_cast<int>(kind);
  }
  Document document = head(false);
  document["error"] = {{"code", text.code},         {"what", text.what},   {"where", text.where},
                       {"expected", text.expected}, {"found", text.found}, {"try", text.try_this}};
  print_document(document);
  return static_cast<int>(kind);
}

int succeed(const Answer& answer, bool json) {
  if (json) {
    Document document = head(answer.holds);
    for (const auto& [key, value] : answer.document.items())
      document[key] = value;
    print_document(document);
  } else {
    std::cout << answer.text << (answer.text.empty() || answer.text.back() == '\n' ? "" : "\n") << std::flush;
  }
  return answer.holds ? 0 : 1;
}

bool asks_for_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--json") return true;
  }
  return false;
}

int run_chosen(const Chosen& chosen) {
  try {
    return succeed(chosen.run(), chosen.json);
  } catch (const Error& error) {
    return fail(error.text, error.kind, chosen.json);
  } catch (const std::exception& problem) {
    return fail({.code = "defect",
                 .what = "a defect of Edgesmith's own",
                 .found = problem.what(),
                 .try_this = "please report it with the command line and the project"},
                ErrorKind::defect, chosen.json);
  }
}

}  // namespace

CLI::App* add_verb(CLI::App& app, Chosen& chosen, const std::string& name, const std::string& help,
                   std::function<Answer()> run) {
  CLI::App* verb = app.add_subcommand(name, help);
  verb->add_flag("--json", chosen.json, "answer with one JSON document on standard output");
  verb->callback([&chosen, run = std::move(run)] { chosen.run = run; });
  return verb;
}

void add_project(CLI::App* verb, std::string& folder) {
  verb->add_option("PROJECT", folder, "folder with edgesmith.toml; default: the nearest one upward");
}

Project open_project(const std::string& folder) {
  return read_project(find_project(folder));
}

int run_command_line(int argc, const char* const* argv) {
  CLI::App app("Edgesmith: from sensor recordings to verified firmware.", "edgesmith");
  app.set_version_flag("--version", std::string("edgesmith ") + kVersion);
  app.require_subcommand(1);
  Chosen chosen;
  add_data_verbs(app, chosen);
  add_model_verbs(app, chosen);
  add_network_verbs(app, chosen);
  add_firmware_verbs(app, chosen);
  add_whole_verbs(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& problem) {
    return fail(explain_usage(app, problem, {argv + 1, argv + argc}), ErrorKind::request, asks_for_json(argc, argv));
  }
  if (const auto text = swallowed_option(app)) return fail(*text, ErrorKind::request, asks_for_json(argc, argv));
  return run_chosen(chosen);
}

}  // namespace edgesmith::cli
