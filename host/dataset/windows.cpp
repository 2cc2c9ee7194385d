#include "host/dataset/windows.h"

#include <algorithm>

#include "host/base/error.h"
#include "host/base/text.h"

namespace edgesmith::dataset {
namespace {

/// A recording's label with its class looked up once.
struct Span {
  std::int64_t from, to;
  int label;
};

int class_of(const Recording& recording, const std::string& label, const std::vector<std::string>& classes) {
  const auto found = std::find(classes.begin(), classes.end(), label);
  if (found != classes.end()) return static_cast<int>(found - classes.begin());
  throw Error{{.code = "labels.unknown",
               .what = "the label '" + label + "' is not among the project's classes",
               .where = recording.id(),
               .expected = join(classes),
               .found = label,
               .try_this = did_you_mean(label, classes, "add it to [labels] classes, or leave the recording out")}};
}

std::vector<Span> spans_of(const Recording& recording, const std::vector<std::string>& classes) {
  std::vector<Span> spans;
  for (const Label& label : recording.labels)
    spans.push_back({label.from, label.to, class_of(recording, label.label, classes)});
  return spans;
}

/// Samples of each class inside [from, to); the class that reaches the most first, in the order of time, wins.
void judge(const std::vector<Span>& spans, std::int64_t length_samples, std::vector<std::int64_t>& count,
           Window& window) {
  const std::int64_t to = window.from + length_samples;
  const auto overlap = [&](const Span& span) {
    return std::max<std::int64_t>(0, std::min(span.to, to) - std::max(span.from, window.from));
  };
  std::fill(count.begin(), count.end(), 0);
  const auto ends_before = [&](const Span& span, std::int64_t sample) { return span.to <= sample; };
  const auto first = std::lower_bound(spans.begin(), spans.end(), window.from, ends_before);
  auto last = first;
  for (; last != spans.end() && last->from < to; ++last)
    count[static_cast<std::size_t>(last->label)] += overlap(*last);
  std::int64_t most = 0;
  for (auto span = first; span != last; ++span) {
    const std::int64_t samples = count[static_cast<std::size_t>(span->label)];
    if (samples <= most) continue;
    most = samples;
    window.label = span->label;
  }
  window.purity = static_cast<double>(most) / static_cast<double>(length_samples);
}

void check_lengths(const std::vector<Recording>& recordings, std::int64_t length_samples, std::int64_t hop_samples) {
  if (length_samples < 1 || hop_samples < 1)
    throw Error{{.code = "window.size",
                 .what = "a window and its hop need at least one sample",
                 .where = "[window]",
                 .found = "length " + std::to_string(length_samples) + ", hop " + std::to_string(hop_samples)}};
  const Recording* longest = nullptr;
  for (const Recording& recording : recordings)
    if (longest == nullptr || recording.length_samples() > longest->length_samples()) longest = &recording;
  if (longest == nullptr || longest->length_samples() >= length_samples) return;
  throw Error{{.code = "window.too_long",
               .what = "the window is longer than every recording",
               .where = "[window]",
               .expected = "at most " + std::to_string(longest->length_samples()) + " samples (" + longest->id() + ")",
               .found = std::to_string(length_samples) + " samples",
               .try_this = "a shorter window, or longer recordings"}};
}

}  // namespace

std::vector<Window> cut_windows(const std::vector<Recording>& recordings, const std::vector<std::string>& classes,
                                std::int64_t length_samples, std::int64_t hop_samples, std::int64_t first_sample) {
  check_lengths(recordings, length_samples, hop_samples);
  std::vector<Window> windows;
  std::vector<std::int64_t> count(classes.size());
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const std::vector<Span> spans = spans_of(recordings[i], classes);
    for (std::int64_t from = first_sample; from + length_samples <= recordings[i].length_samples();
         from += hop_samples) {
      Window window{static_cast<int>(i), from};
      judge(spans, length_samples, count, window);
      windows.push_back(window);
    }
  }
  return windows;
}

const char* split_name(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validate:
      return "validate";
    case Split::test:
      return "test";
    case Split::none:
      return "none";
  }
  return "";
}

const std::string& group_of(const Recording& recording, const SplitRequest& request) {
  return request.by_subject ? recording.subject : recording.session;
}

}  // namespace edgesmith::dataset
