#include "device/signal/features.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace signal {
namespace {

float magnitude_l1(uint32_t channels, const float* row) {
  float sum = 0.0f;
  for (uint32_t c = 0; channels >> c != 0; ++c) {
    if (channels >> c & 1u) sum = add(sum, abs_f32(row[c]));
    if (c == kMaxGroup - 1) break;
  }
  return sum;
}

float magnitude_l2(uint32_t channels, const float* row) {
  float sum = 0.0f;
  for (uint32_t c = 0; channels >> c != 0; ++c) {
    if (channels >> c & 1u) sum = add(sum, mul(row[c], row[c]));
    if (c == kMaxGroup - 1) break;
  }
  return sqrt_f32(sum);
}

uint32_t lowest_bit(uint32_t mask) {
  uint32_t bit = 0;
  while ((mask >> bit & 1u) == 0)
    ++bit;
  return bit;
}

/// Value of a signal at one row, before differencing.
float value_at(const SignalSpec& signal, const float* row) {
  switch (static_cast<SignalKind>(signal.kind)) {
    case SignalKind::channel:
      return row[lowest_bit(signal.channels)];
    case SignalKind::l1:
      return magnitude_l1(signal.channels, row);
    case SignalKind::l2:
      return magnitude_l2(signal.channels, row);
  }
  return 0.0f;
}

/// Walks a signal over part of a window, oldest first, one value at a time.
class SignalCursor {
 public:
  SignalCursor(const SignalSpec& signal, const WindowView& window, uint32_t from, uint32_t length)
      : signal_(signal), window_(window), at_(from), left_(length - signal.difference), previous_(0.0f) {
    if (signal.difference) previous_ = value_at(signal_, window_.row(at_++));
  }
  uint32_t left() const {
    return left_;
  }
  float next() {
    --left_;
    const float value = value_at(signal_, window_.row(at_++));
    if (!signal_.difference) return value;
    const float change = sub(value, previous_);
    previous_ = value;
    return change;
  }

 private:
  const SignalSpec& signal_;
  const WindowView& window_;
  uint32_t at_, left_;
  float previous_;
};

struct Moments {
  float sum, sum_abs, sum_squares, min, max;
  uint32_t crossings, count;
};

Moments moments(SignalCursor cursor) {
  const float first = cursor.next();
  Moments m = {first, abs_f32(first), mul(first, first), first, first, 0, 1};
  bool negative = first < 0.0f;
  for (; cursor.left() > 0; ++m.count) {
    const float x = cursor.next();
    m.sum = add(m.sum, x);
    m.sum_abs = add(m.sum_abs, abs_f32(x));
    m.sum_squares = add(m.sum_squares, mul(x, x));
    m.min = min_f32(m.min, x);
    m.max = max_f32(m.max, x);
    if ((x < 0.0f) != negative) ++m.crossings;
    negative = x < 0.0f;
  }
  return m;
}

/// Second pass: the mean is subtracted before squaring, since the difference of two large sums would lose the digits.
float standard_deviation(SignalCursor cursor, float mean, float count) {
  float sum = 0.0f;
  while (cursor.left() > 0) {
    const float d = sub(cursor.next(), mean);
    sum = add(sum, mul(d, d));
  }
  return sqrt_f32(sum / count);
}

float statistic(Statistic kind, const Moments& m, const SignalCursor& start) {
  const float count = static_cast<float>(m.count);
  switch (kind) {
    case Statistic::mean:
      return m.sum / count;
    case Statistic::std:
      return standard_deviation(start, m.sum / count, count);
    case Statistic::min:
      return m.min;
    case Statistic::max:
      return m.max;
    case Statistic::peak_to_peak:
      return sub(m.max, m.min);
    case Statistic::rms:
      return sqrt_f32(m.sum_squares / count);
    case Statistic::mean_abs:
      return m.sum_abs / count;
    case Statistic::energy:
      return m.sum_squares / count;
    case Statistic::zero_crossings:
      return static_cast<float>(m.crossings);
  }
  return 0.0f;
}

bool one_bit(uint32_t mask) {
  return mask != 0 && (mask & (mask - 1)) == 0;
}

uint32_t bit_count(uint32_t mask) {
  uint32_t count = 0;
  for (; mask != 0; mask &= mask - 1)
    ++count;
  return count;
}

bool valid(const SignalSpec& signal, uint32_t window_samples, uint32_t channels) {
  const bool known_channels = signal.channels != 0 && (channels == 32 || signal.channels >> channels == 0);
  if (!known_channels || signal.difference > 1) return false;
  if (signal.statistics == 0 || signal.statistics >> kStatisticKinds != 0) return false;
  if (signal.segments == 0 || window_samples % signal.segments != 0) return false;
  if (window_samples / signal.segments < 1u + signal.difference) return false;
  switch (static_cast<SignalKind>(signal.kind)) {
    case SignalKind::channel:
      return one_bit(signal.channels);
    case SignalKind::l1:
    case SignalKind::l2:
      return true;
  }
  return false;
}

bool valid_signals(const FeaturesSpec& spec, uint32_t window_samples, uint32_t channels) {
  if (spec.signals.empty() || spec.signals.size() > kMaxSignals) return false;
  for (const SignalSpec& signal : spec.signals) {
    if (!valid(signal, window_samples, channels)) return false;
  }
  return true;
}

/// All statistics of one segment of a signal.
void describe(const SignalSpec& signal, const SignalCursor& start, FeatureSink sink) {
  float values[kStatisticKinds];
  uint32_t count = 0;
  const Moments m = moments(start);
  for (uint32_t kind = 1; kind <= kStatisticKinds; ++kind) {
    if (signal.statistics >> (kind - 1) & 1u) values[count++] = statistic(static_cast<Statistic>(kind), m, start);
  }
  sink.take(sink.context, values, count);
}

}  // namespace

Status check_features(const FeaturesSpec& spec, uint32_t window_samples, uint32_t channels) {
  bool good = window_samples > 0 && window_samples <= 65536 && channels > 0 && channels <= kMaxGroup;
  if (good && spec.kind == FeatureKind::statistics) {
    good = valid_signals(spec, window_samples, channels);
  } else {
    good = good && spec.kind == FeatureKind::raw;
  }
  return good ? Status::ok : Status::plan_malformed;
}

uint32_t feature_elems(const FeaturesSpec& spec, uint32_t window_samples, uint32_t channels) {
  if (spec.kind == FeatureKind::raw) return window_samples * channels;
  uint32_t elems = 0;
  for (const SignalSpec& signal : spec.signals)
    elems += signal.segments * bit_count(signal.statistics);
  return elems;
}

void compute_features(const FeaturesSpec& spec, const WindowView& window, FeatureSink sink) {
  if (spec.kind == FeatureKind::raw) {
    for (uint32_t i = 0; i < window.length; ++i)
      sink.take(sink.context, window.row(i), window.channels);
    return;
  }
  for (const SignalSpec& signal : spec.signals) {
    const uint32_t length = window.length / signal.segments;
    for (uint32_t part = 0; part < signal.segments; ++part) {
      describe(signal, SignalCursor(signal, window, part * length, length), sink);
    }
  }
}

}  // namespace signal
}  // namespace edgesmith
