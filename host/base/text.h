#pragma once
// Small things done to text: nearest spelling, joining, globs.

#include <string>
#include <string_view>
#include <vector>

namespace edgesmith {

/// The candidate that `word` was probably meant to be: fewest edits (insert, drop, change, swap neighbours; case is
/// free), at most a third of the word's length. Empty when nothing is near; the first of several.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

/// "did you mean 'x'?", or `otherwise` when nothing is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates,
                         const std::string& otherwise = "");

/// "a, b, c"
std::string join(const std::vector<std::string>& parts, std::string_view separator = ", ");

/// Does `path` (with '/') match? '?' one character and '*' any number of them but '/', '**' any number with '/'
/// ("**/" also none); "[12]", "[a-f]" one of these, "[!a]" none of these and no '/'; a ']' that comes first, and a '['
/// that nothing closes, are themselves. A pattern without '/' is matched against the last part of the path alone.
bool glob_match(std::string_view pattern, std::string_view path);

}  // namespace edgesmith
