#include "host/dataset/import.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "host/base/error.h"
#include "host/base/text.h"
#include "host/dataset/archive.h"
#include "host/dataset/import_csv.h"
#include "host/dataset/import_sound.h"
#include "host/dataset/path_part.h"

namespace edgesmith::dataset {
namespace {

namespace fs = std::filesystem;

constexpr double kSameRate = 0.02;  // relative difference up to which two rates are the same

const std::vector<std::string> kTextEndings = {".csv", ".tsv", ".txt", ".dat", ".log"};
const std::vector<std::string> kSoundEndings = {".wav", ".flac", ".ogg"};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return text;
}

std::string hertz(double rate_hz) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g Hz", rate_hz);
  return text;
}

/// Hands out names that can be folders or files and differ where the originals differ.
class SafeNames {
 public:
  std::string of(const std::string& original) {
    const auto known = given_.find(original);
    if (known != given_.end()) return known->second;
    const std::string name = unused(safe_name(original));
    given_[original] = name;
    return name;
  }

  /// `name`, with a number behind it when it has been taken; it is taken from now on.
  std::string unused(const std::string& name) {
    std::string candidate = name;
    for (int number = 2; !taken_.insert(lower(candidate)).second; ++number)  // some file systems know no case
      candidate = name + "-" + std::to_string(number);
    return candidate;
  }

 private:
  std::map<std::string, std::string> given_;
  std::set<std::string> taken_;
};

/// Lines in the order in which they came first, with the number of files that said them.
class Tally {
 public:
  void add(const std::string& line) {
    if (counts_[line]++ == 0) order_.push_back(line);
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    for (const std::string& line : order_) {
      const int count = counts_.at(line);
      result.push_back(count > 1 ? line + " (" + std::to_string(count) + " files)" : line);
    }
    return result;
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, int> counts_;
};

class Importer {
 public:
  explicit Importer(const ImportOptions& options)
      : options_(options),
        subject_("--subject-from", options.subject_from),
        session_("--session-from", options.session_from),
        label_("--label-from", options.label_from) {
    if (options.format != "csv" && options.format != "audio") fail_format();
    if (!options.label_from.empty() && !options.label_column.empty() && options.label_column != "none")
      throw Error{{.code = "import.two_labels",
                   .what = "the label is asked from the path and from a column",
                   .where = "--label-from, --label-column",
                   .try_this = "give only one of them"}};
  }

  ImportReport run(const fs::path& source) {
    if (!fs::exists(source))
      throw Error{{.code = "import.no_source",
                   .what = "there is no such folder or file",
                   .where = source.string(),
                   .try_this = "check the path"}};
    visit_files(source, {.wanted = [this](const std::string& path) { return wanted(path); },
                         .take = [this](const std::string& path, std::string content) { take(path, content); },
                         .skip = [this](const std::string& path, const std::string& why) { skip(path, why); }});
    if (report_.recordings.empty()) fail_empty(source);
    tell_rates();
    report_.guesses = guesses_.lines();
    return std::move(report_);
  }

 private:
  [[noreturn]] void fail_format() const {
    throw Error{{.code = "import.format",
                 .what = "this format is not known",
                 .where = "--format",
                 .expected = "csv or audio",
                 .found = options_.format,
                 .try_this = did_you_mean(options_.format, {"csv", "audio"}, "--format csv")}};
  }

  [[noreturn]] void fail_empty(const fs::path& source) const {
    throw Error{{.code = "import.nothing",
                 .what = "nothing was found to import",
                 .where = source.string(),
                 .expected = options_.include.empty()
                                 ? "files ending in " + join(endings()) + " (or packed .gz, .tar.gz)"
                                 : "files that match " + options_.include,
                 .found = found_instead(),
                 .try_this = options_.include.empty() ? "check the folder; --format audio reads sound files"
                                                      : "check --include: '*' stays inside a folder, '**' does not"}};
  }

  std::string found_instead() const {
    if (!report_.skipped.empty()) return report_.skipped.front();
    return others_.empty() ? "no file at all" : "only others, such as " + others_;
  }

  const std::vector<std::string>& endings() const {
    return options_.format == "audio" ? kSoundEndings : kTextEndings;
  }

  bool wanted(const std::string& path) {
    const std::string name = lower(without_gz(path));
    const bool fits = std::any_of(endings().begin(), endings().end(),
                                  [&](const std::string& ending) { return name.ends_with(ending); });
    const bool zip = name.ends_with(".zip");  // told as skipped
    const bool take = options_.include.empty() ? fits || zip : glob_match(options_.include, path);
    if (!take && others_.empty()) others_ = path;
    return take;
  }

  void skip(const std::string& path, const std::string& why) {
    report_.skipped.push_back(path + ": " + why);
  }

  void take(const std::string& path, std::string& content) {
    FileImport file =
        options_.format == "audio" ? import_sound(content, path, options_) : import_csv(content, path, options_);
    for (const std::string& guess : file.guesses)
      guesses_.add(guess);
    report_.skipped.insert(report_.skipped.end(), file.skipped.begin(), file.skipped.end());
    if (file.pieces.empty()) return;
    ++report_.files;
    report_.gaps += file.gaps;
    report_.missing_values += file.missing_values;
    place(path, file.pieces);
  }

  /// Gives the pieces of one file their session, name, subject and label.
  void place(const std::string& path, std::vector<Recording>& pieces) {
    fs::path plain = without_gz(path);
    plain.replace_extension();
    const std::string folder = plain.parent_path().generic_string();
    const std::string stem = plain.filename().string();
    const std::string session_text = session_.of(path).value_or(folder.empty() ? stem : folder);
    const std::string session = sessions_.of(session_text);
    const std::string subject = subject_.of(path).value_or(session);
    const std::optional<std::string> label = label_.of(path);
    const std::string name = names_[session].unused(safe_name(stem));
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      Recording& piece = pieces[i];
      piece.session = session;
      piece.subject = subject;
      piece.name = pieces.size() == 1 ? name : name + "_" + std::to_string(i + 1);
      if (label) piece.labels = {{0, piece.length_samples(), *label}};
      report_.recordings.push_back(std::move(piece));
    }
  }

  void tell_rates() {
    const auto slower = [](const Recording& a, const Recording& b) { return a.rate_hz < b.rate_hz; };
    const auto [low, high] = std::minmax_element(report_.recordings.begin(), report_.recordings.end(), slower);
    const std::string slowest = hertz(low->rate_hz), fastest = hertz(high->rate_hz);
    guesses_.add(slowest == fastest
                     ? "rate " + slowest
                     : "rate " + slowest + " (" + low->id() + ") to " + fastest + " (" + high->id() + ")");
    const double asked = options_.rate_hz;
    const bool other = low->rate_hz < asked * (1 - kSameRate) || high->rate_hz > asked * (1 + kSameRate);
    if (asked > 0 && other) guesses_.add("asked for " + hertz(asked) + ": the files say otherwise and are believed");
  }

  const ImportOptions& options_;
  PathPart subject_, session_, label_;
  ImportReport report_;
  Tally guesses_;
  SafeNames sessions_;
  std::map<std::string, SafeNames> names_;  // by session
  std::string others_;                      // a file that was not wanted
};

}  // namespace

ImportReport import_files(const fs::path& source, const ImportOptions& options) {
  return Importer(options).run(source);
}

}  // namespace edgesmith::dataset
