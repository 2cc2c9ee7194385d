#pragma once
// Ways to damage bytes, and how often to do it.

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "host/base/files.h"
#include "host/base/random.h"

namespace edgesmith::fuzz {

/// $EDGESMITH_FUZZ_ROUNDS, else 500.
inline int rounds() {
  const char* text = std::getenv("EDGESMITH_FUZZ_ROUNDS");
  return text != nullptr ? std::atoi(text) : 500;
}

inline Bytes cut(const Bytes& bytes, std::size_t length) {
  return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
}

/// Up to eight bits turned over. Only bytes from `first` on are touched.
inline Bytes with_flipped_bits(const Bytes& bytes, Random& random, std::size_t first = 0) {
  Bytes damaged = bytes;
  for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips) {
    const std::size_t at = first + random.below(static_cast<std::uint32_t>(bytes.size() - first));
    damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1u << random.below(8)));
  }
  return damaged;
}

/// The text with a few pieces dropped, doubled, or replaced by characters that mean something somewhere.
inline std::string with_damaged_text(const std::string& text, Random& random) {
  static const std::string kLoaded = "\"'[]{}=#,;.:-+eE0179nan\n\r\t \\\xff\xc3";
  std::string damaged = text;
  for (std::uint32_t times = 1 + random.below(4); times > 0 && !damaged.empty(); --times) {
    const std::size_t at = random.below(static_cast<std::uint32_t>(damaged.size()));
    const std::size_t length = 1 + random.below(12);
    switch (random.below(3)) {
      case 0:
        damaged.erase(at, length);
        break;
      case 1:
        damaged.insert(at, damaged.substr(at, length));
        break;
      default:
        damaged[at] = kLoaded[random.below(static_cast<std::uint32_t>(kLoaded.size()))];
    }
  }
  return damaged;
}

/// Not by write_bytes(), which waits for the disk.
inline void overwrite(const fs::path& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace edgesmith::fuzz
