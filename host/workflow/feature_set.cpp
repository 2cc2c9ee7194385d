#include "host/workflow/feature_set.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/base/error.h"
#include "host/workflow/desk.h"

namespace edgesmith {
namespace {

/// Mean and spread of a stream of numbers, in two sums.
struct Moments {
  double sum = 0, squares = 0;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::int64_t count = 0;

  void add(double x) {
    sum += x;
    squares += x * x;
    low = std::min(low, x);
    high = std::max(high, x);
    ++count;
  }
  double mean() const {
    return count ? sum / static_cast<double>(count) : 0;
  }
  double deviation() const {
    if (count == 0) return 0;
    const double n = static_cast<double>(count);
    return std::sqrt(std::max(0.0, squares / n - mean() * mean()));
  }
};

void fit_normalisation(const Project& project, const FeatureSet& features, const std::vector<std::size_t>& windows,
                       std::size_t period, FittedRoad& fitted) {
  std::vector<Moments> moments(period);
  for (std::size_t w : windows) {
    for (std::uint32_t i = 0; i < features.elems; ++i) {
      moments[i % period].add(static_cast<double>(features.values[w * features.elems + i]));
    }
  }
  const NormalizeSection& normalize = project.normalize;
  for (const Moments& m : moments) {
    const bool minmax = normalize.kind == "minmax";
    const double offset = minmax ? (m.low + m.high) / 2 : m.mean();
    const double size = minmax ? (m.high - m.low) / 2 : m.deviation();
    fitted.offset.push_back(normalize.kind == "none" ? 0.0f : static_cast<float>(offset));
    fitted.gain.push_back(normalize.kind == "none" ? 1.0f : static_cast<float>(1.0 / std::max(size, normalize.floor)));
  }
}

/// Sample statistics for the self-test, inside the declared range so that its samples look like real ones.
void fit_samples(const Project& project, const ProjectData& data, FittedRoad& fitted) {
  const std::size_t channels = project.input.channels.size();
  std::vector<Moments> moments(channels);
  for (const dataset::Recording& recording : data.recordings) {
    if (!data.in_split(recording, dataset::Split::train)) continue;
    for (std::size_t i = 0; i < recording.samples.size(); ++i) {
      const double value = static_cast<double>(recording.samples[i]) * project.input.scale;
      const bool inside = value >= project.input.range_low && value <= project.input.range_high;  // false for NaN
      if (inside) moments[i % channels].add(value);
    }
  }
  for (const Moments& m : moments) {
    fitted.center.push_back(static_cast<float>(m.mean()));
    fitted.spread.push_back(static_cast<float>(m.deviation()));
  }
}

}  // namespace

FeatureSet extract_features(const RoadPlan& road, const ProjectData& data) {
  FeatureSet set;
  set.elems = road.feature_elems();
  set.values.resize(data.windows.size() * set.elems);
  set.flags.assign(data.windows.size(), 0);
  for (std::size_t r = 0; r < data.recordings.size(); ++r) {
    const std::size_t first = data.first_window[r];
    visit_windows(road, data.recordings[r], [&](std::size_t index, std::uint8_t flags, const std::vector<float>& f) {
      std::copy(f.begin(), f.end(), set.values.begin() + static_cast<std::ptrdiff_t>((first + index) * set.elems));
      set.flags[first + index] = flags;
    });
  }
  return set;
}

std::vector<std::size_t> usable_windows(const Project& project, const ProjectData& data, const FeatureSet& features,
                                        dataset::Split split) {
  std::vector<std::size_t> chosen;
  for (std::size_t w = 0; w < data.windows.size(); ++w) {
    const auto& recording = data.recordings[static_cast<std::size_t>(data.windows[w].recording)];
    const bool wanted = data.in_split(recording, split) && usable(project, data.windows[w]) && features.flags[w] == 0;
    if (wanted) chosen.push_back(w);
  }
  return chosen;
}

WindowFlow window_flow(const Project& project, const ProjectData& data, const FeatureSet& features) {
  WindowFlow flow;
  for (std::size_t w = 0; w < data.windows.size(); ++w) {
    const dataset::Window& window = data.windows[w];
    const auto& recording = data.recordings[static_cast<std::size_t>(window.recording)];
    ++flow.cut;
    if (features.flags[w] != 0) {
      ++flow.flagged;
    } else if (window.label == dataset::kUnlabelled) {
      ++flow.unlabelled;
    } else if (!usable(project, window)) {
      ++flow.below_purity;
    } else {
      flow.unassigned +=
          data.assignment.count(data.group_of(recording)) == 0 || data.in_split(recording, dataset::Split::none);
      flow.train += data.in_split(recording, dataset::Split::train);
      flow.validate += data.in_split(recording, dataset::Split::validate);
      flow.test += data.in_split(recording, dataset::Split::test);
    }
  }
  return flow;
}

FittedRoad fit_road(const Project& project, const RoadPlan& road, const ProjectData& data, const FeatureSet& features) {
  const std::vector<std::size_t> windows = usable_windows(project, data, features, dataset::Split::train);
  if (windows.empty()) {
    throw Error({.code = "data.no_training_windows",
                 .what = "no window is left to train on",
                 .where = project.name,
                 .expected = "labelled windows of sufficient purity in the training groups",
                 .try_this = "look at splits.json; lower [labels] purity, shorten the window or label more"});
  }
  FittedRoad fitted;
  fit_normalisation(project, features, windows, road.offset.size(), fitted);
  fit_samples(project, data, fitted);
  return fitted;
}

std::vector<float> normalised(const RoadPlan& road, const FeatureSet& features,
                              const std::vector<std::size_t>& windows) {
  const RoadSpec spec = road.spec();
  std::vector<float> out;
  out.reserve(windows.size() * features.elems);
  for (std::size_t w : windows) {
    for (std::uint32_t i = 0; i < features.elems; ++i) {
      out.push_back(signal::normalize(spec.normalize, i, features.values[w * features.elems + i]));
    }
  }
  return out;
}

}  // namespace edgesmith
