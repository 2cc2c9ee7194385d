#pragma once
// A plan as the runtime uses it: constants only, all in flash. Generated code defines one; open_plan() (plan_file.h)
// fills one from the bytes of a plan file.

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/decision/decision.h"
#include "device/guard/guard.h"
#include "device/signal/conditioning.h"
#include "device/signal/features.h"
#include "device/signal/normalize.h"
#include "device/tensor/quantization.h"

namespace edgesmith {

enum class SampleFormat : uint8_t { f32 = 1, i16 = 2, u8 = 3 };

constexpr uint32_t sample_format_bytes(SampleFormat format) {
  return format == SampleFormat::f32 ? 4 : (format == SampleFormat::i16 ? 2 : 1);
}

/// Who this is.
struct Info {
  const char* name;
  const char* version;
  const uint8_t* plan_id;  // 32 bytes: SHA-256 of the plan's contract part
  const char* labels;      // class names, one after another, each ended by a zero byte
  uint32_t classes;
};

/// Name of class `index`; "-" for decision::kNoClass and anything else that is no class.
const char* label_text(const Info& info, int32_t index);

constexpr uint32_t kMaxSettlingSamples = 1u << 20;

/// The road from a sample to the network's input.
struct RoadSpec {
  uint32_t channels;
  SampleFormat format;
  float scale;  // integer counts to the input unit
  uint32_t window_samples;
  uint32_t hop_samples;
  uint32_t settling_samples;  // after a reset, samples before the first window may begin
  uint32_t hop_us;            // duration of a hop at the nominal rate
  uint32_t fifo_samples;      // capacity of the queue behind push()
  Span<const signal::ConditionStep> conditioning;
  signal::FeaturesSpec features;
  signal::NormalizeSpec normalize;
};

/// What may be replaced at run time. The spans must outlive the pipeline.
struct Config {
  Span<const guard::Range> ranges;  // [channels]
  decision::Rules rules;
};

/// The network, however it is run.
struct NetworkSpec {
  void (*run)(const void* context, int8_t* arena);
  const void* context;
  uint32_t arena_bytes;
  uint32_t input_offset, input_elems;  // where the input tensor lies in the arena
  uint32_t output_offset, output_elems;
  float input_inv_scale;
  QuantParams input, output;
};

/// A known answer: `window_samples` samples made from a seed travel the road; what arrives must be this.
///   sample[t][c] = center[c] + spread[c] * u,  u uniform in [-1, 1) from a linear congruential generator
struct SelfTest {
  uint32_t seed;
  uint32_t input_crc32;       // of the input tensor's bytes
  Span<const float> center;   // [channels]
  Span<const float> spread;   // [channels]
  Span<const int8_t> output;  // [output_elems]
};

struct Plan {
  Info info;
  RoadSpec road;
  Config config;  // the defaults
  NetworkSpec network;
  SelfTest self_test;
};

/// plan_malformed or config_invalid unless all parts fit each other.
Status check_plan(const Plan& plan);
Status check_config(const Plan& plan, const Config& config);

}  // namespace edgesmith
