#pragma once
// What set-up, and every function that reads bytes from outside, answers. The chip holds no strings; the desktop
// turns a code into text (host/target/status_text.cpp).

#include <stdint.h>

namespace edgesmith {

enum class Status : uint8_t {
  ok = 0,
  not_begun = 1,            // application: begin() was not called, or failed
  self_test_features = 2,   // build: the compiler changed float results; see docs/exactness.md for the flags
  self_test_network = 3,    // build or flash: weights or kernels differ from the plan
  plan_truncated = 4,       // file: shorter than its header says; fetch it again
  plan_magic = 5,           // file: not a plan
  plan_version = 6,         // file: made for another runtime; compile it with the matching tool
  plan_checksum = 7,        // file: damaged; fetch it again
  plan_malformed = 8,       // file: a field contradicts another one; compile it again
  plan_foreign_target = 9,  // file: packed for another kernel set; compile it for this target
  memory_too_small = 10,    // application: a buffer is smaller than the plan needs, or not aligned to 16
  config_invalid = 11,      // application: check_config() names the field
  link_malformed = 12,      // link: a packet that does not parse
  link_checksum = 13,       // link: a packet damaged on the way
  unsupported = 14,         // application: the operation is not available in this build
};

}  // namespace edgesmith
