#include "host/workflow/import_step.h"

#include <fmt/format.h>

#include <cstdlib>
#include <set>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/process.h"
#include "host/base/progress.h"
#include "host/target/profile.h"

namespace edgesmith {
namespace {

constexpr const char* kVariable = "$EDGESMITH_DATA";

/// Where real data sets lie: the environment says, or beside the source tree.
fs::path data_root() {
  const char* given = std::getenv("EDGESMITH_DATA");
  return given != nullptr ? fs::path(given) : home_folder().parent_path() / "shared" / "data";
}

void summarise(const dataset::ImportReport& report, ImportResult& result) {
  std::set<std::string> sessions, subjects, labels;
  for (const dataset::Recording& recording : report.recordings) {
    sessions.insert(recording.session);
    subjects.insert(recording.subject);
    for (const dataset::Label& label : recording.labels)
      labels.insert(label.label);
    result.samples += recording.length_samples();
    if (recording.rate_hz > 0) result.seconds += static_cast<double>(recording.length_samples()) / recording.rate_hz;
  }
  result.sessions.assign(sessions.begin(), sessions.end());
  result.subjects.assign(subjects.begin(), subjects.end());
  result.labels.assign(labels.begin(), labels.end());
}

std::vector<std::string> shell_words(const std::string& command) {
  std::vector<std::string> words;
  std::string word;
  for (char c : command + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(word);
      word.clear();
    }
  }
  return words;
}

void generate(const Project& project, const fs::path& fresh) {
  std::vector<std::string> command = shell_words(project.data.generator);
  command.push_back(fs::absolute(fresh).string());
  say("generating recordings: " + project.data.generator);
  const ProcessResult result = run_process(command, {.cwd = project.folder});
  if (result.status != 0) {
    throw Error({.code = "data.generator",
                 .what = "the generator of recordings failed",
                 .where = project.data.generator,
                 .expected = "exit status 0",
                 .found = fmt::format("status {}: {}", result.status, result.output),
                 .try_this = "run it by hand in " + project.folder.string()});
  }
}

/// Timestamps that were asked for must tell the rate; otherwise the project's will do.
bool names_time(const std::string& column) {
  return !column.empty() && column != "none";
}

void import_source(const Project& project, const fs::path& fresh) {
  const ImportResult result = import_into(fresh, data_source(project), data_options(project));
  for (const std::string& guess : result.guesses)
    say("import: " + guess);
  say(fmt::format("import: {} recordings from {} files, {} gaps, {} missing values", result.recordings, result.files,
                  result.gaps, result.missing_values));
}

}  // namespace

ImportResult import_into(const fs::path& recordings, const fs::path& source, const dataset::ImportOptions& options) {
  const dataset::ImportReport report = dataset::import_files(source, options);
  ImportResult result;
  result.files = report.files;
  result.recordings = static_cast<int>(report.recordings.size());
  result.gaps = report.gaps;
  result.missing_values = report.missing_values;
  result.guesses = report.guesses;
  result.skipped = report.skipped;
  summarise(report, result);
  dataset::write_recordings(recordings, report.recordings);
  return result;
}

dataset::ImportOptions data_options(const Project& project) {
  const DataSection& data = project.data;
  dataset::ImportOptions options;
  options.format = data.format;
  options.include = data.include;
  options.subject_from = data.subject_from;
  options.session_from = data.session_from;
  options.label_from = data.label_from;
  options.channels = data.channels;
  (data.channels.empty() ? options.project_channels : options.channel_names) = project.input.channels;
  options.unit = data.unit.empty() ? project.input.unit : data.unit;
  options.rate_hz = data.rate_hz > 0 || names_time(data.time_column) ? data.rate_hz : project.input.rate_hz;
  options.label_column = data.label_column;
  options.time_column = data.time_column;
  options.gap_ms = data.gap_ms;
  options.counts = project.input.type != SampleType::f32;
  return options;
}

dataset::ImportOptions with_project(dataset::ImportOptions options, const fs::path& project_folder) {
  if (!fs::exists(project_folder / "edgesmith.toml")) return options;
  const InputSection input = read_project(project_folder).input;
  options.project_channels = input.channels;
  if (options.unit.empty()) options.unit = input.unit;
  if (options.rate_hz == 0 && !names_time(options.time_column)) options.rate_hz = input.rate_hz;
  options.counts = options.counts || input.type != SampleType::f32;
  return options;
}

fs::path data_source(const Project& project) {
  std::string text = project.data.source;
  const bool from_variable = text.rfind(kVariable, 0) == 0;
  fs::path path = from_variable ? data_root() / fs::path(text.substr(std::string(kVariable).size())).relative_path()
                                : project.folder / text;
  if (fs::exists(path)) return path;
  throw Error(
      ErrorKind::unavailable,
      {.code = "data.source",
       .what = "the data that [data] source names is not there",
       .where = path.string(),
       .try_this = from_variable ? "set EDGESMITH_DATA to the folder that holds it; the project's README.md says "
                                   "where to download it"
                                 : "mend [data] source"});
}

bool import_project_data(const Project& project) {
  const bool from_source = !project.data.source.empty();
  if (!from_source && project.data.generator.empty()) return false;
  const fs::path fresh = project.folder / "recordings.new";  // takes the place of recordings/ once it is complete
  fs::remove_all(fresh);
  from_source ? import_source(project, fresh) : generate(project, fresh);
  replace_folder(fresh, project.folder / "recordings");
  return true;
}

}  // namespace edgesmith
