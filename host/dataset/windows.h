#pragma once
// Windows: where they lie in the recordings, what they are labelled, which split they belong to.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "host/dataset/recording.h"

namespace edgesmith::dataset {

constexpr int kUnlabelled = -1;

struct Window {
  int recording = 0;        // index into the recordings
  std::int64_t from = 0;    // first sample
  int label = kUnlabelled;  // index into the classes: the majority label of its samples; of equals the earlier
  double purity = 0;        // share of the majority label among all samples; unlabelled ones count against it
};

/// Windows of `length` every `hop` samples from each recording's sample `first` on; a label that `classes` lacks is an
/// Error that names the recording, the label and the nearest class; so is a length that no recording has.
std::vector<Window> cut_windows(const std::vector<Recording>& recordings, const std::vector<std::string>& classes,
                                std::int64_t length_samples, std::int64_t hop_samples, std::int64_t first_sample);

enum class Split { train, validate, test, none };
const char* split_name(Split split);

struct SplitRequest {
  bool by_subject = false;                                              // else by session
  double train = 0.7, validate = 0.15, test = 0.15;                     // sum 1
  std::vector<std::string> train_groups, validate_groups, test_groups;  // explicit: ratios are ignored
  std::uint64_t seed = 1;
};

/// The group that a recording belongs to: its subject or its session.
const std::string& group_of(const Recording& recording, const SplitRequest& request);

/// Group (session or subject) -> split. Explicit lists are taken as they are, a group in none of them is in no split;
/// otherwise whole groups are dealt out, largest first, each to where it brings the splits' class mix nearest to what
/// they should have; the seed decides between equals. Errors: a group named that does not exist, or twice; fewer groups
/// than splits ("one session only"), with what to record or set; ratios that are no ratios.
std::map<std::string, Split> assign_splits(const std::vector<Recording>& recordings, const std::vector<Window>& windows,
                                           int classes, const SplitRequest& request);

/// splits.json: the assignment, and the windows that follow from it (first samples, one line a recording; those of less
/// than `purity` apart).
void write_splits(const std::filesystem::path& file, const std::vector<Recording>& recordings,
                  const std::vector<Window>& windows, const std::vector<std::string>& classes, double purity,
                  const SplitRequest& request, const std::map<std::string, Split>& assignment);
/// The assignment alone, groups that were taken out (`none`) included; the windows follow from it. Throws Error naming
/// the file, also for a group in two splits.
std::map<std::string, Split> read_splits(const std::filesystem::path& file);
/// Does the request still deal as it did when the file was written? What the file does not tell counts as the same.
bool dealt_alike(const std::filesystem::path& file, const SplitRequest& request);

}  // namespace edgesmith::dataset
