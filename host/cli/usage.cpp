#include "host/cli/usage.h"

#include <algorithm>

#include "host/base/text.h"

namespace edgesmith::cli {
namespace {

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({}))
    names.push_back(verb->get_name());
  return names;
}

/// "--into", "-o", "--output": everything that may stand on the line with a dash.
std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
    for (const std::string& name : option->get_snames())
      names.push_back("-" + name);
  }
  return names;
}

/// "SOURCE", "PROJECT".
std::vector<std::string> argument_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    if (option->get_positional()) names.push_back(option->get_name());
  }
  return names;
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-';
}

ErrorText no_such_verb(const CLI::App& app, const std::string& found) {
  const std::vector<std::string> names = verb_names(app);
  return {.what = found.empty() ? "no verb is given" : "there is no such verb",
          .expected = join(names),
          .found = found.empty() ? "nothing" : found,
          .try_this = did_you_mean(found, names, "edgesmith --help")};
}

/// The first word that nothing took; of "--taget BOARD" the option.
ErrorText left_over(const CLI::App& verb, std::vector<std::string> words) {
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  if (option != words.end()) {
    const std::vector<std::string> names = option_names(verb);
    const std::string name = option->substr(0, option->find('='));
    return {.what = "there is no such option",
            .expected = join(names),
            .found = name,
            .try_this = did_you_mean(name, names)};
  }
  const std::vector<std::string> names = argument_names(verb);
  return {.what = "there is an argument too many",
          .expected = names.empty() ? "options only" : join(names, " "),
          .found = words.front()};
}

/// The option or argument that the parser's message speaks of: the one with the longest name in it.
const CLI::Option* option_in(const CLI::App& verb, const std::string& message) {
  const CLI::Option* found = nullptr;
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = option->get_name();
    const bool longer = found == nullptr || name.size() > found->get_name().size();
    if (longer && message.find(name) != std::string::npos) found = option;
  }
  return found;
}

ErrorText wrong_value(const CLI::Option& option, const std::string& message) {
  const std::string name = option.get_name();
  const bool given = !option.results().empty();
  const std::size_t colon = message.find(": ");
  const bool number = option.get_type_name() == "FLOAT" || option.get_type_name() == "INT";
  ErrorText text;
  text.what = !given ? name + " is missing" : "the value of " + name + " is wrong";
  if (!given && message.find("required but") == std::string::npos && is_option(name))
    text.what = message.find("is required") != std::string::npos ? text.what : name + " needs a value";
  text.expected = number ? "a number" : name + ": " + option.get_description();
  if (given && number && message.starts_with(name) && colon != std::string::npos)
    text.expected += ", " + message.substr(colon + 2);
  text.found = given ? join(option.results()) : "nothing";
  return text;
}

ErrorText in_verb(const CLI::App& verb, const CLI::ParseError& problem) {
  const std::vector<std::string> left = verb.remaining();
  if (!left.empty()) return left_over(verb, left);
  const CLI::Option* option = option_in(verb, problem.what());
  return option == nullptr ? ErrorText{.what = problem.what()} : wrong_value(*option, problem.what());
}

ErrorText as_usage(ErrorText text, const std::string& where) {
  text.code = "cli.usage";
  text.where = where;
  if (text.try_this.empty()) text.try_this = where + " --help";
  return text;
}

}  // namespace

std::optional<ErrorText> swallowed_option(const CLI::App& app) {
  for (const CLI::App* verb : app.get_subcommands()) {
    const std::vector<std::string> names = option_names(*verb);
    for (const CLI::Option* option : verb->get_options()) {
      for (const std::string& value : option->results()) {
        if (!is_option(value) || std::find(names.begin(), names.end(), value) == names.end()) continue;
        return as_usage({.what = option->get_name() + " needs a value",
                         .expected = option->get_name() + ": " + option->get_description(),
                         .found = value},
                        "edgesmith " + verb->get_name());
      }
    }
  }
  return std::nullopt;
}

ErrorText explain_usage(const CLI::App& app, const CLI::ParseError& problem, const std::vector<std::string>& words) {
  const std::vector<std::string> names = verb_names(app);
  const auto word = std::find_if(words.begin(), words.end(), [](const std::string& w) { return w != "--json"; });
  const std::string first = word == words.end() ? "" : *word;
  const bool known = std::find(names.begin(), names.end(), first) != names.end();
  ErrorText text;
  if (known) {
    text = in_verb(*app.get_subcommand(first), problem);
  } else {
    text = is_option(first) ? left_over(app, {first}) : no_such_verb(app, first);
  }
  return as_usage(text, known ? "edgesmith " + first : "edgesmith");
}

}  // namespace edgesmith::cli
