#pragma once
// Bytes from a receive interrupt to the main loop. One producer, one consumer; nobody waits.

#include <stdint.h>

namespace board {

class ByteRing {
 public:
  bool full() const {
    return static_cast<uint8_t>(write_ + 1) == read();
  }
  bool empty() const {
    return read_ == __atomic_load_n(&write_, __ATOMIC_ACQUIRE);
  }
  /// Only when not full.
  void put(uint8_t byte) {
    bytes_[write_] = byte;
    __atomic_store_n(&write_, static_cast<uint8_t>(write_ + 1), __ATOMIC_RELEASE);
  }
  bool take(uint8_t& byte) {
    if (empty()) return false;
    byte = bytes_[read_];
    __atomic_store_n(&read_, static_cast<uint8_t>(read_ + 1), __ATOMIC_RELEASE);
    return true;
  }

 private:
  uint8_t read() const {
    return __atomic_load_n(&read_, __ATOMIC_ACQUIRE);
  }

  uint8_t bytes_[256];  // as many as an index of 8 bits reaches: it wraps by itself
  uint8_t read_, write_;
};

}  // namespace board
