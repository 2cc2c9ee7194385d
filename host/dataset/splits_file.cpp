// splits.json is read by people and kept in version control: one line a recording, so that a difference shows which.
//
//   {
//     "by": "subject", "seed": 1, "shares": [0.7, 0.15, 0.15], "purity": 0.75, "classes": ["walk", "sit"],
//     "groups": {"train": ["s01", "s02"], "validate": ["s03"], "test": ["s04"], "none": []},
//     "counts": {"train": {"windows": 120, "below_purity": 9, "walk": 70, "sit": 50}, ...},
//     "windows": {
//       "s01/a": {"split": "train", "from": [0, 52, 104], "label": [0, 0, 1], "below_purity": [156]},
//     }
//   }
#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"
#include "host/dataset/windows.h"

namespace edgesmith::dataset {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string split_of(const Recording& recording, const SplitRequest& request,
                     const std::map<std::string, Split>& assignment) {
  const auto found = assignment.find(group_of(recording, request));
  return split_name(found == assignment.end() ? Split::none : found->second);
}

const char* by(const SplitRequest& request) {
  return request.by_subject ? "subject" : "session";
}

/// Of train, validate and test; nothing where groups are listed.
std::vector<double> shares(const SplitRequest& request) {
  if (!request.train_groups.empty()) return {};
  return {request.train, request.validate, request.test};
}

class SplitsText {
 public:
  SplitsText(const std::vector<Recording>& recordings, const std::vector<Window>& windows,
             const std::vector<std::string>& classes, double purity, const SplitRequest& request,
             const std::map<std::string, Split>& assignment)
      : recordings_(recordings), classes_(classes), purity_(purity), request_(request), assignment_(assignment) {
    for (const char* split : {"train", "validate", "test", "none"})
      groups_[split] = Json::array();
    for (const Recording& recording : recordings)
      add_recording(recording);
    for (const Window& window : windows)
      add_window(window);
  }

  std::string text() const {
    std::string text = "{\n  \"by\": " + line(by(request_)) + ",\n  \"seed\": " + line(request_.seed) +
                       ",\n  \"shares\": " + line(shares(request_)) + ",\n  \"purity\": " + line(purity_) +
                       ",\n  \"classes\": " + line(classes_);
    text += ",\n  \"groups\": " + lines(groups_) + ",\n  \"counts\": " + lines(counts_);
    Json windows = Json::object();
    for (std::size_t i = 0; i < recordings_.size(); ++i)
      windows[recordings_[i].id()] = of_recording_[i];
    return text + ",\n  \"windows\": " + lines(windows) + "\n}\n";
  }

 private:
  void add_recording(const Recording& recording) {
    const std::string split = split_of(recording, request_, assignment_);
    Json& members = groups_[split];
    const std::string& group = group_of(recording, request_);
    if (std::find(members.begin(), members.end(), group) == members.end()) members.push_back(group);
    of_recording_.push_back(
        {{"split", split}, {"from", Json::array()}, {"label", Json::array()}, {"below_purity", Json::array()}});
    if (counts_.contains(split)) return;
    counts_[split] = {{"windows", 0}, {"below_purity", 0}, {"classes", Json::object()}};
    for (const std::string& name : classes_)
      counts_[split]["classes"][name] = 0;
  }

  void add_window(const Window& window) {
    Json& recording = of_recording_[static_cast<std::size_t>(window.recording)];
    Json& count = counts_[recording["split"].get<std::string>()];
    const auto add_one = [](Json& number) { number = number.get<int>() + 1; };
    if (window.label == kUnlabelled || window.purity < purity_) {
      recording["below_purity"].push_back(window.from);
      add_one(count["below_purity"]);
      return;
    }
    recording["from"].push_back(window.from);
    recording["label"].push_back(window.label);
    add_one(count["windows"]);
    add_one(count["classes"][classes_[static_cast<std::size_t>(window.label)]]);
  }

  /// An object with one line per key.
  static std::string lines(const Json& object) {
    std::vector<std::string> entries;
    for (const auto& [key, value] : object.items())
      entries.push_back("    " + line(key) + ": " + line(value));
    return entries.empty() ? "{}" : "{\n" + join(entries, ",\n") + "\n  }";
  }

  const std::vector<Recording>& recordings_;
  const std::vector<std::string>& classes_;
  double purity_;
  const SplitRequest& request_;
  const std::map<std::string, Split>& assignment_;
  Json groups_ = Json::object(), counts_ = Json::object();
  std::vector<Json> of_recording_;
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what, const std::string& found) {
  throw Error{{.code = "splits.unreadable",
               .what = what,
               .where = file.string(),
               .found = found,
               .try_this = "mend it, take it from version control, or delete it to have it made again"}};
}

}  // namespace

void write_splits(const std::filesystem::path& file, const std::vector<Recording>& recordings,
                  const std::vector<Window>& windows, const std::vector<std::string>& classes, double purity,
                  const SplitRequest& request, const std::map<std::string, Split>& assignment) {
  const std::string text = SplitsText(recordings, windows, classes, purity, request, assignment).text();
  if (!fs::exists(file) || read_text(file) != text) write_text(file, text);  // most often nothing changed
}

std::map<std::string, Split> read_splits(const std::filesystem::path& file) {
  std::map<std::string, Split> assignment;
  try {
    const Json json = Json::parse(read_text(file));
    for (const Split split : {Split::train, Split::validate, Split::test})
      for (const Json& name : json.at("groups").at(split_name(split)))
        if (!assignment.emplace(name.get<std::string>(), split).second)
          fail(file, "a group is in two splits", name.get<std::string>());
    for (const Json& name : json.at("groups").value("none", Json::array()))
      assignment.emplace(name.get<std::string>(), Split::none);
  } catch (const Json::exception& error) {
    fail(file, "this is no splits file", error.what());
  }
  return assignment;
}

bool dealt_alike(const std::filesystem::path& file, const SplitRequest& request) {
  try {
    const Json json = Json::parse(read_text(file));
    return json.value("by", by(request)) == by(request) && json.value("seed", request.seed) == request.seed &&
           json.value("shares", shares(request)) == shares(request);
  } catch (const Json::exception& error) {
    fail(file, "this is no splits file", error.what());
  }
}

}  // namespace edgesmith::dataset
