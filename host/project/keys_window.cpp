// The table of keys, second part: from samples to the network's input, and what is to be learned from it.

#include "host/project/keys.h"

namespace edgesmith {
namespace {

Section window_section() {
  return {"window",
          Repeat::once,
          "The stretch of samples that one decision looks at.",
          {
              {"length_ms", "ms", of_draft<&Draft::length_ms>, above(0, 1e8), Need::shown, "800",
               "Length in time; must come to whole samples."},
              {"length_samples", "samples", at<&Project::window, &WindowSection::length_samples>, between(1, 65535),
               Need::optional, "80", "Length in samples, instead of length_ms."},
              {"hop_ms", "ms", of_draft<&Draft::hop_ms>, above(0, 1e8), Need::optional, "400",
               "Time from one window's start to the next one's; neither hop given = half a window."},
              {"hop_samples", "samples", at<&Project::window, &WindowSection::hop_samples>, between(1, 65535),
               Need::optional, "40", "The same in samples, instead of hop_ms."},
          }};
}

Section features_section() {
  return {"features",
          Repeat::blocks,
          "What the network gets to see of a window; several blocks stand one after another in its input.",
          {
              {"kind", "", of_block<&FeaturesSection::kind>,
               one_of({"raw", "statistics"}, {"spectral", "log-mel", "mfcc", "image"}), Need::shown, "\"statistics\"",
               "raw = the samples themselves; statistics = the figures below, per signal and segment."},
              {"signals", "", of_block<&FeaturesSection::signals>, any(), Need::shown,
               "[\"ax\", \"ay\", \"az\", \"l2(ax,ay,az)\"]",
               "Channels, magnitudes l1(...) and l2(...), first differences diff(...) of these; empty = every channel.",
               "kind", "statistics"},
              {"statistics", "", of_block<&FeaturesSection::statistics>,
               one_of({"mean", "std", "min", "max", "peak_to_peak", "rms", "mean_abs", "energy", "zero_crossings"}),
               Need::shown, "[\"mean\", \"std\", \"peak_to_peak\"]", "Figures of each signal; required for statistics.",
               "kind", "statistics"},
              {"segments", "", of_block<&FeaturesSection::segments>, between(1, 255), Need::optional, "",
               "Equal parts of the window that are described one by one.", "kind", "statistics"},
          }};
}

Section normalize_section() {
  return {"normalize",
          Repeat::once,
          "Brings features to a common size with constants of the training windows.",
          {
              {"kind", "", at<&Project::normalize, &NormalizeSection::kind>,
               one_of({"none", "standard", "minmax"}, {"percentile", "window_standard", "window_rms", "window_peak"}),
               Need::optional, "", "standard = mean 0, deviation 1; minmax = -1 to 1."},
              {"floor", "", at<&Project::normalize, &NormalizeSection::floor>, between(1e-12, 1e30), Need::optional, "",
               "Smallest deviation (or half range) that is divided by, so that a constant feature stays harmless."},
              {"clip", "", at<&Project::normalize, &NormalizeSection::clip>, between(0, 1e6), Need::optional, "",
               "Results are kept within plus and minus this; 0 = not clipped."},
          }};
}

Section labels_section() {
  return {"labels",
          Repeat::once,
          "What is to be told apart.",
          {
              {"classes", "", at<&Project::labels, &LabelsSection::classes>, any(), Need::required,
               "[\"idle\", \"active\"]", "The network's outputs in order, 2 to 64."},
              {"idle", "", at<&Project::labels, &LabelsSection::idle>, any(), Need::shown, "\"idle\"",
               "The class that stands for nothing; empty = none."},
              {"purity", "", at<&Project::labels, &LabelsSection::purity>, above(0, 1), Need::optional, "",
               "A window whose most frequent label covers less than this share is left out of training and scoring."},
          }};
}

Section split_section() {
  return {"split",
          Repeat::once,
          "Which recordings are for learning, for choosing and for the final test.",
          {
              {"by", "", at<&Project::split, &SplitSection::by>, one_of({"session", "subject"}, {"time"}), Need::shown,
               "", "What is never torn apart."},
              {"train", "", at<&Project::split, &SplitSection::train>, above(0, 1), Need::optional, "",
               "Share of the windows to learn from; the three shares add up to 1."},
              {"validate", "", at<&Project::split, &SplitSection::validate>, above(0, 1), Need::optional, "",
               "Share to choose the checkpoint and thresholds by."},
              {"test", "", at<&Project::split, &SplitSection::test>, above(0, 1), Need::optional, "",
               "Share that nothing is chosen by."},
              {"train_groups", "", at<&Project::split, &SplitSection::train_groups>, any(), Need::optional,
               "[\"s01\", \"s02\"]", "Sessions or subjects by name, instead of shares."},
              {"validate_groups", "", at<&Project::split, &SplitSection::validate_groups>, any(), Need::optional,
               "[\"s03\"]", "The same to choose by."},
              {"test_groups", "", at<&Project::split, &SplitSection::test_groups>, any(), Need::optional, "[\"s04\"]",
               "The same for the test."},
              {"seed", "", at<&Project::split, &SplitSection::seed>, between(0, 9007199254740991), Need::optional, "",
               "Deals groups out differently."},
          }};
}

}  // namespace

std::vector<Section> window_sections() {
  return {window_section(), features_section(), normalize_section(), labels_section(), split_section()};
}

}  // namespace edgesmith
