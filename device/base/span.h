#pragma once
// A pointer and a count: what every kernel and block takes instead of two parameters.

#include <stddef.h>

namespace edgesmith {

/// View of `count` contiguous elements owned by someone else. Trivial, so that it can live in constant tables.
template <typename T>
struct Span {
  T* data;
  size_t count;

  constexpr T& operator[](size_t index) const {
    return data[index];
  }
  constexpr size_t size() const {
    return count;
  }
  constexpr bool empty() const {
    return count == 0;
  }
  constexpr T* begin() const {
    return data;
  }
  constexpr T* end() const {
    return data + count;
  }
  constexpr Span subspan(size_t from, size_t length) const {
    return Span{data + from, length};
  }
  constexpr operator Span<const T>() const {
    return Span<const T>{data, count};
  }
};

template <typename T, size_t N>
constexpr Span<T> span_of(T (&array)[N]) {
  return Span<T>{array, N};
}

}  // namespace edgesmith
