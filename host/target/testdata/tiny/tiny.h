#pragma once
// A model small enough to be written by hand, with the interface of a generated folder: three int16 channels, windows
// of 20 samples every 10, raw features, and one layer of weights. For tests of the firmware and of the harness.

#include "device/runtime/pipeline.h"

namespace tiny {

constexpr uint32_t kChannels = 3, kWindowSamples = 20, kHopSamples = 10, kClasses = 3;
constexpr uint32_t kInputElems = kWindowSamples * kChannels;
constexpr uint32_t kFifoSamples = 16, kOutputOffset = 64, kArenaBytes = 80;

extern const edgesmith::Plan plan;

class Pipeline : public edgesmith::Pipeline {
 public:
  edgesmith::Status begin();

 private:
  uint8_t fifo_[kFifoSamples * edgesmith::SampleFifo::entry_bytes(kChannels * 2)];
  float ring_[kWindowSamples * kChannels];
  float state_[2 * kChannels];
  float scores_[kClasses];
  uint32_t cooldown_[kClasses];
  alignas(16) int8_t arena_[kArenaBytes];
};

}  // namespace tiny
