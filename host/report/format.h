#pragma once
// How numbers and texts are spelled, the same in every form of the report.

#include <cstdint>
#include <string>
#include <string_view>

namespace edgesmith::report {

std::string count(std::int64_t value);                // "12,345"
std::string bytes_text(std::int64_t value);           // "12,345 B"
std::string percent(double share, int decimals = 1);  // 0.963 -> "96.3 %"; "-" when not finite
std::string decimal(double value, int decimals);      // "0.962"; "-" when not finite
std::string compact(double value);                    // shortest text that reads back as this float32: "0.0039215689"

/// Safe as HTML text and inside quoted attributes: & < > " '
std::string escape(std::string_view text);

/// "window" or "windows", with its count: "1 window", "2,113 windows".
std::string counted(std::int64_t value, std::string_view singular);

/// At most `limit` characters (UTF-8 code points), the last one an ellipsis where something was cut.
std::string shortened(std::string_view text, std::size_t limit);

/// Code points, which is near enough to columns for names of classes and tensors.
std::size_t width(std::string_view text);

}  // namespace edgesmith::report
