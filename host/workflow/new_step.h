#pragma once
// new: a commented project to start from.

#include <filesystem>

namespace edgesmith {

/// Writes folder/edgesmith.toml and answers its path. Error when there is one already.
std::filesystem::path new_project(const std::filesystem::path& folder);

}  // namespace edgesmith
