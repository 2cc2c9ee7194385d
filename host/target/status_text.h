#pragma once
// The device's codes in words: the chip holds no strings.

#include <string>

#include "device/base/status.h"

namespace edgesmith {

/// The enumerator: "self_test_network".
std::string status_name(Status status);

/// What it means and what to try, as one sentence.
std::string status_text(Status status);

}  // namespace edgesmith
