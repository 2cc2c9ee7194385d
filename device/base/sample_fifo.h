#pragma once
// Queue of raw samples between one producer (an interrupt or DMA callback) and one consumer (the main loop).
//
// Neither side ever waits. Each index is written by one side only; the release store of an index publishes what was
// written before it. A sample that finds the queue full is dropped, and the next one that fits says so.

#include <stdint.h>
#include <string.h>

#include "device/base/span.h"

namespace edgesmith {

/// What stands before the bytes of each queued sample.
struct SampleHeader {
  uint32_t time_us;
  uint8_t fault;       // 0 = the sample is there; else a Fault and no bytes
  uint8_t gap_before;  // 1: samples were dropped just before this one
  uint16_t reserved;
};

class SampleFifo {
 public:
  /// storage: capacity * entry_bytes(sample_bytes) bytes, owned by the caller. Holds capacity - 1 samples.
  void begin(uint8_t* storage, uint32_t capacity, uint32_t sample_bytes) {
    storage_ = storage;
    capacity_ = capacity;
    sample_bytes_ = sample_bytes;
    clear();
  }

  static constexpr uint32_t entry_bytes(uint32_t sample_bytes) {
    return static_cast<uint32_t>(sizeof(SampleHeader)) + ((sample_bytes + 3u) & ~3u);
  }

  /// Only while no producer runs.
  void clear() {
    read_ = 0;
    write_ = 0;
    gap_pending_ = 0;
  }

  /// Producer: false when the queue was full and the sample is lost.
  bool push(const void* sample, uint32_t time_us, uint8_t fault) {
    const uint32_t at = write_;
    const uint32_t next = at + 1 == capacity_ ? 0 : at + 1;
    if (next == __atomic_load_n(&read_, __ATOMIC_ACQUIRE)) {
      gap_pending_ = 1;
      return false;
    }
    uint8_t* entry = storage_ + at * entry_bytes(sample_bytes_);
    const SampleHeader header = {time_us, fault, gap_pending_, 0};
    memcpy(entry, &header, sizeof header);
    if (sample != nullptr) memcpy(entry + sizeof header, sample, sample_bytes_);
    gap_pending_ = 0;
    __atomic_store_n(&write_, next, __ATOMIC_RELEASE);
    return true;
  }

  /// Consumer: the oldest sample's bytes, or nullptr when the queue is empty. Valid until pop().
  const uint8_t* front(SampleHeader& header) const {
    if (read_ == __atomic_load_n(&write_, __ATOMIC_ACQUIRE)) return nullptr;
    const uint8_t* entry = storage_ + read_ * entry_bytes(sample_bytes_);
    memcpy(&header, entry, sizeof header);
    return entry + sizeof header;
  }

  void pop() {
    const uint32_t next = read_ + 1 == capacity_ ? 0 : read_ + 1;
    __atomic_store_n(&read_, next, __ATOMIC_RELEASE);
  }

 private:
  uint8_t* storage_;
  uint32_t capacity_;
  uint32_t sample_bytes_;
  uint32_t read_;
  uint32_t write_;
  uint8_t gap_pending_;
};

}  // namespace edgesmith
