// new, import, split.

#include <fmt/format.h>

#include "host/base/text.h"
#include "host/cli/command.h"
#include "host/workflow/import_step.h"
#include "host/workflow/new_step.h"
#include "host/workflow/split_step.h"

namespace edgesmith::cli {
namespace {

void add_new(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "new", "write a commented project to start from", [folder] {
    const std::filesystem::path file = new_project(*folder);
    Answer answer;
    answer.document["project"] = file.string();
    answer.text = fmt::format(
        "{} is ready: say in it what your sensor is, then\n"
        "  edgesmith import FOLDER --into {} --format csv\n  edgesmith make {}",
        file.string(), *folder, *folder);
    return answer;
  });
  verb->add_option("FOLDER", *folder, "where the project shall be; its last part becomes the project's name")
      ->required();
}

std::string above_zero(const std::string& text) {
  return std::strtod(text.c_str(), nullptr) > 0 ? "" : "must be above 0, is " + text;
}

struct ImportArguments {
  std::string source, project;
  dataset::ImportOptions options;
};

Answer import_answer(const ImportArguments& arguments) {
  const ImportResult result = import_into(std::filesystem::path(arguments.project) / "recordings", arguments.source,
                                          with_project(arguments.options, arguments.project));
  Answer answer;
  answer.document = {{"files", result.files},       {"recordings", result.recordings},
                     {"samples", result.samples},   {"seconds", result.seconds},
                     {"gaps", result.gaps},         {"missing_values", result.missing_values},
                     {"sessions", result.sessions}, {"subjects", result.subjects},
                     {"labels", result.labels},     {"guesses", result.guesses},
                     {"skipped", result.skipped}};
  for (const std::string& guess : result.guesses)
    answer.text += "guessed: " + guess + "\n";
  for (const std::string& skipped : result.skipped)
    answer.text += "skipped: " + skipped + "\n";
  answer.text += fmt::format(
      "{} recordings, {} samples ({:.0f} s) from {} files; {} sessions, {} subjects, {} gaps, {} missing "
      "values\nlabels: {}",
      result.recordings, result.samples, result.seconds, result.files, result.sessions.size(), result.subjects.size(),
      result.gaps, result.missing_values,
      result.labels.empty() ? "none (--label-column or --label-from say where they are)" : join(result.labels));
  return answer;
}

void add_import(CLI::App& app, Chosen& chosen) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* verb = add_verb(app, chosen, "import", "read sensor files into a project's recordings/",
                            [arguments] { return import_answer(*arguments); });
  dataset::ImportOptions& options = arguments->options;
  verb->add_option("SOURCE", arguments->source, "a folder, a file, or a .gz, .tar, .tar.gz of these")->required();
  verb->add_option("--into", arguments->project, "the project's folder")->required();
  verb->add_option("--format", options.format, "csv or audio (WAV, FLAC)")->capture_default_str();
  verb->add_option("--include", options.include, "only paths that match this glob, such as '**/*_sw.csv.gz'");
  verb->add_option("--subject-from", options.subject_from, "regular expression on the path; its group is the subject");
  verb->add_option("--session-from", options.session_from, "the same for the session; default: the folder");
  verb->add_option("--label-from", options.label_from, "the same for one label for the whole file");
  verb->add_option("--channels", options.channels, "columns to take, by name or number, in order: x,y,z")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--channel-names", options.channel_names,
                   "what they are called: ax,ay,az; default: as in the project")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--unit", options.unit, "unit of the values; default: the project's");
  verb->add_option("--rate-hz", options.rate_hz,
                   "sample rate; default: measured from the timestamps, else the project's")
      ->check(above_zero);
  verb->add_option("--label-column", options.label_column, "column with a label per row");
  verb->add_option("--time-column", options.time_column, "column with the time of each row");
  verb->add_option("--gap-ms", options.gap_ms, "pauses beyond this split a recording; default: 10 sample periods")
      ->check(above_zero);
  verb->add_flag("--counts", options.counts,
                 "values are integer sensor counts, as [input] type i16 and u8 want; keep them as int16");
}

Answer split_answer(const SplitResult& result) {
  const WindowFlow& flow = result.flow;
  Answer answer;
  answer.document = {{"windows", flow.cut},     {"unlabelled", flow.unlabelled}, {"below_purity", flow.below_purity},
                     {"flagged", flow.flagged}, {"unassigned", flow.unassigned}, {"classes", result.classes},
                     {"groups", result.groups}, {"per_class", result.per_class}};
  answer.text = fmt::format(
      "{} windows: {} flagged, {} unlabelled, {} below purity, {} unassigned; train {}, validate {}, "
      "test {}\n",
      flow.cut, flow.flagged, flow.unlabelled, flow.below_purity, flow.unassigned, flow.train, flow.validate,
      flow.test);
  for (const auto& [split, groups] : result.groups)
    answer.text += fmt::format("{:<10}{}\n", split, join(groups));
  return answer;
}

void add_split(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "split", "deal sessions or subjects out to train, validate and test",
                            [folder] { return split_answer(split_project(open_project(*folder))); });
  add_project(verb, *folder);
}

}  // namespace

void add_data_verbs(CLI::App& app, Chosen& chosen) {
  add_new(app, chosen);
  add_import(app, chosen);
  add_split(app, chosen);
}

}  // namespace edgesmith::cli
