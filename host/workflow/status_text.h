#pragma once
// The device's status codes in words; the chip holds none.

#include <string>

#include "device/base/status.h"

namespace edgesmith {

std::string status_text(Status status);

}  // namespace edgesmith
