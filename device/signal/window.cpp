#include "device/signal/window.h"

#include <string.h>

namespace edgesmith {
namespace signal {

void Window::begin(float* storage, uint32_t length_samples, uint32_t hop_samples, uint32_t channels) {
  storage_ = storage;
  length_ = length_samples;
  hop_ = hop_samples;
  channels_ = channels;
  reset();
}

void Window::reset() {
  write_row_ = 0;
  until_window_ = length_;
}

bool Window::add(const float* sample) {
  memcpy(storage_ + write_row_ * channels_, sample, channels_ * sizeof(float));
  write_row_ = write_row_ + 1 == length_ ? 0 : write_row_ + 1;
  if (--until_window_ > 0) return false;
  until_window_ = hop_;
  return true;
}

WindowView Window::view() const {
  return WindowView{storage_, length_, channels_, write_row_};
}

}  // namespace signal
}  // namespace edgesmith
