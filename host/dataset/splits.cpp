// Dealing out: each split should get its ratio of every class's windows. Groups come largest first (small ones can
// still mend what large ones spoiled); each goes where the sum over splits and classes of
//   (windows it has - windows it should have)^2 / (should have * all of that class)
// grows least. Cost: groups * splits * classes.
#include <algorithm>
#include <array>
#include <cmath>

#include "host/base/error.h"
#include "host/base/random.h"
#include "host/base/text.h"
#include "host/dataset/windows.h"

namespace edgesmith::dataset {
namespace {

constexpr std::array<Split, 3> kSplits = {Split::train, Split::validate, Split::test};

struct Group {
  std::string name;
  std::vector<double> windows;  // by class
  double total = 0;
  std::uint32_t draw = 0;  // seeded; order of equals
};

const char* kind(const SplitRequest& request) {
  return request.by_subject ? "subject" : "session";
}

std::vector<std::string> group_names(const std::vector<Recording>& recordings, const SplitRequest& request) {
  std::vector<std::string> names;
  for (const Recording& recording : recordings)
    names.push_back(group_of(recording, request));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

class ExplicitLists {
 public:
  ExplicitLists(const std::vector<std::string>& groups, const SplitRequest& request)
      : groups_(groups), request_(request) {}

  std::map<std::string, Split> run() {
    take(Split::train, request_.train_groups);
    take(Split::validate, request_.validate_groups);
    take(Split::test, request_.test_groups);
    if (request_.train_groups.empty() || request_.validate_groups.empty())
      throw Error{{.code = "split.empty",
                   .what = "training needs groups to learn from and others to choose by",
                   .where = "[split]",
                   .expected = "names in train and in validate",
                   .found = request_.train_groups.empty() ? "train is empty" : "validate is empty",
                   .try_this = "name some of " + join(groups_)}};
    return std::move(assignment_);
  }

 private:
  void take(Split split, const std::vector<std::string>& names) {
    const std::string where = std::string("[split] ") + split_name(split);
    for (const std::string& name : names) {
      if (!std::binary_search(groups_.begin(), groups_.end(), name))
        throw Error{{.code = "split.unknown_group",
                     .what = std::string("there is no ") + kind(request_) + " '" + name + "'",
                     .where = where,
                     .expected = "one of " + join(groups_),
                     .found = name,
                     .try_this = did_you_mean(name, groups_, "check the names below recordings/")}};
      if (!assignment_.emplace(name, split).second)
        throw Error{{.code = "split.twice",
                     .what = std::string("the ") + kind(request_) + " '" + name + "' is named twice",
                     .where = where,
                     .found = std::string("it is already in ") + split_name(assignment_.at(name)),
                     .try_this = "keep it in one split only: what is trained on proves nothing in a test"}};
    }
  }

  const std::vector<std::string>& groups_;
  const SplitRequest& request_;
  std::map<std::string, Split> assignment_;
};

std::array<double, 3> checked_ratios(const SplitRequest& request) {
  const std::array<double, 3> ratios = {request.train, request.validate, request.test};
  const double sum = ratios[0] + ratios[1] + ratios[2];
  const bool fine = ratios[0] > 0 && ratios[1] >= 0 && ratios[2] >= 0 && std::fabs(sum - 1) < 1e-6;
  if (fine) return ratios;
  char found[64];
  std::snprintf(found, sizeof found, "%g, %g, %g", ratios[0], ratios[1], ratios[2]);
  throw Error{{.code = "split.ratios",
               .what = "the ratios do not divide the recordings",
               .where = "[split]",
               .expected = "train > 0, validate and test >= 0, sum 1",
               .found = found,
               .try_this = "train = 0.7, validate = 0.15, test = 0.15"}};
}

void check_enough(const std::vector<std::string>& names, std::size_t wanted, const SplitRequest& request) {
  if (names.size() >= wanted) return;
  const std::string who = kind(request);
  throw Error{{.code = "split.too_few_groups",
               .what = names.size() == 1 ? "there is one " + who + " only, and a " + who + " is never divided"
                                         : "there are fewer " + who + "s than splits",
               .where = "[split]",
               .expected = "at least " + std::to_string(wanted) + " " + who + "s",
               .found = std::to_string(names.size()) + (names.empty() ? "" : ": " + join(names)),
               .try_this = request.by_subject ? "record more people, or [split] by = \"session\""
                                              : "record more sessions (another day, another place), or tell sessions "
                                                "apart at import with --session-from"}};
}

std::vector<Group> count_groups(const std::vector<Recording>& recordings, const std::vector<Window>& windows,
                                const std::vector<std::string>& names, int classes, const SplitRequest& request) {
  std::vector<Group> groups;
  Random random(request.seed);
  for (const std::string& name : names)
    groups.push_back({name, std::vector<double>(static_cast<std::size_t>(classes)), 0, random.next()});
  for (const Window& window : windows) {
    if (window.label < 0 || window.label >= classes) continue;
    const std::string& name = group_of(recordings[static_cast<std::size_t>(window.recording)], request);
    Group& group = groups[static_cast<std::size_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin())];
    group.windows[static_cast<std::size_t>(window.label)] += 1;
    group.total += 1;
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    if (a.total != b.total) return a.total > b.total;
    return a.draw != b.draw ? a.draw < b.draw : a.name < b.name;
  });
  return groups;
}

class Dealer {
 public:
  Dealer(const std::vector<Group>& groups, const std::array<double, 3>& ratios) : groups_(groups), ratios_(ratios) {
    for (const Group& group : groups) {
      all_.resize(group.windows.size());
      for (std::size_t c = 0; c < all_.size(); ++c)
        all_[c] += group.windows[c];
    }
    for (auto& has : has_)
      has.resize(all_.size());
  }

  std::map<std::string, Split> run() {
    std::map<std::string, Split> assignment;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const std::size_t split = choose(groups_[g], groups_.size() - g);
      for (std::size_t c = 0; c < all_.size(); ++c)
        has_[split][c] += groups_[g].windows[c];
      ++dealt_[split];
      assignment[groups_[g].name] = kSplits[split];
    }
    return assignment;
  }

 private:
  /// The split whose mix suffers least; only empty ones when there are just enough groups left for them.
  std::size_t choose(const Group& group, std::size_t left) const {
    std::size_t waiting = 0;
    for (std::size_t s = 0; s < kSplits.size(); ++s)
      waiting += ratios_[s] > 0 && dealt_[s] == 0;
    std::size_t best = kSplits.size();
    for (std::size_t s = 0; s < kSplits.size(); ++s) {
      if (ratios_[s] <= 0 || (waiting == left && dealt_[s] > 0)) continue;
      if (best == kSplits.size() || growth(group, s) < growth(group, best)) best = s;
    }
    return best;
  }

  double growth(const Group& group, std::size_t split) const {
    double sum = 0;
    for (std::size_t c = 0; c < all_.size(); ++c) {
      if (all_[c] == 0) continue;
      const double should = ratios_[split] * all_[c];
      const double before = has_[split][c] - should;
      const double after = before + group.windows[c];
      sum += (after * after - before * before) / (should * all_[c]);
    }
    return sum;
  }

  const std::vector<Group>& groups_;
  const std::array<double, 3>& ratios_;
  std::vector<double> all_;                 // windows by class
  std::array<std::vector<double>, 3> has_;  // of which in each split
  std::array<std::size_t, 3> dealt_ = {};   // groups in each split
};

}  // namespace

std::map<std::string, Split> assign_splits(const std::vector<Recording>& recordings, const std::vector<Window>& windows,
                                           int classes, const SplitRequest& request) {
  const std::vector<std::string> names = group_names(recordings, request);
  const bool lists = !request.train_groups.empty() || !request.validate_groups.empty() || !request.test_groups.empty();
  if (lists) return ExplicitLists(names, request).run();
  const std::array<double, 3> ratios = checked_ratios(request);
  const auto wanted =
      static_cast<std::size_t>(std::count_if(ratios.begin(), ratios.end(), [](double r) { return r > 0; }));
  check_enough(names, wanted, request);
  return Dealer(count_groups(recordings, windows, names, classes, request), ratios).run();
}

}  // namespace edgesmith::dataset
