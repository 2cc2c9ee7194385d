#pragma once
// Printing numbers and tables as C++.

#include <cstdint>
#include <string>
#include <vector>

namespace edgesmith::cpp {

/// A literal that reads back as exactly this value: nine significant digits.
std::string number(float value);

/// "{\n    1, 2, 3,\n}" with lines of at most 120 characters.
std::string table(const std::vector<std::string>& items);
std::string table(const std::vector<float>& values);

template <typename Integer>
std::string table(const Integer* values, std::size_t count) {
  std::vector<std::string> items(count);
  for (std::size_t i = 0; i < count; ++i)
    items[i] = std::to_string(static_cast<long long>(values[i]));
  return table(items);
}

/// A string literal, with what needs escaping escaped; '?' too, since -std=c++14 reads trigraphs.
std::string quoted(const std::string& text);

/// `text` as part of a comment that ends with its line: control characters, '\\' and '?' (of which the last could
/// continue the comment) become '_'.
std::string commented(std::string text);

}  // namespace edgesmith::cpp
