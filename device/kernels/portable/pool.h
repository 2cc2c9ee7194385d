#pragma once
// The walk of pools: one position at a time, four channels at once.

#include <stdint.h>

#include "device/base/span.h"
#include "device/kernels/place.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace portable {

/// The input under the filter at one position, from its first channel on.
struct Field {
  const int8_t* first;
  int32_t rows, columns;
  int32_t column_step, row_step;  // from the end of a row to the begin of the next one
};

inline Field field_of(const Pool2dParams& p, const Place& at, const int8_t* input) {
  const int32_t y = at.start_y + at.y.begin, x = at.start_x + at.x.begin, columns = at.x.count();
  return Field{input + (y * p.input_w + x) * p.channels, at.y.count(), columns, p.channels,
               (p.input_w - columns) * p.channels};
}

/// values[i] = join of all inputs under the filter of channel c + i, for four channels.
template <typename Pool>
void join_four(const Field& field, int32_t c, int32_t* values) {
  int32_t v0 = Pool::kBegin, v1 = Pool::kBegin, v2 = Pool::kBegin, v3 = Pool::kBegin;
  const int8_t* x = field.first + c;
  for (int32_t row = field.rows; row > 0; --row) {
    for (int32_t column = field.columns; column > 0; --column) {
      v0 = Pool::join(v0, x[0]);
      v1 = Pool::join(v1, x[1]);
      v2 = Pool::join(v2, x[2]);
      v3 = Pool::join(v3, x[3]);
      x += field.column_step;
    }
    x += field.row_step;
  }
  values[0] = v0;
  values[1] = v1;
  values[2] = v2;
  values[3] = v3;
}

/// The same for one channel.
template <typename Pool>
void join_one(const Field& field, int32_t c, int32_t* values) {
  int32_t value = Pool::kBegin;
  const int8_t* x = field.first + c;
  for (int32_t row = field.rows; row > 0; --row) {
    for (int32_t column = field.columns; column > 0; --column) {
      value = Pool::join(value, *x);
      x += field.column_step;
    }
    x += field.row_step;
  }
  values[0] = value;
}

/// Pool: kBegin, join(value, q), finish(value, count of inputs under the filter). A template, since joining is all
/// that the inner loop does.
template <typename Pool>
void pool2d(const Pool2dParams& p, Span<const int8_t> input, Span<int8_t> output) {
  int8_t* out = output.data;
  for (int32_t y = 0; y < p.output_h; ++y) {
    for (int32_t x = 0; x < p.output_w; ++x) {
      const Field field = field_of(p, place_of(p, y, x), input.data);
      for (int32_t c = 0; c < p.channels;) {
        int32_t values[4];
        const int32_t channels = p.channels - c >= 4 ? 4 : 1;
        if (channels == 4) {
          join_four<Pool>(field, c, values);
        } else {
          join_one<Pool>(field, c, values);
        }
        for (int32_t i = 0; i < channels; ++i, ++c)
          *out++ =
              static_cast<int8_t>(clamp_s32(Pool::finish(values[i], field.rows * field.columns), p.act_min, p.act_max));
      }
    }
  }
}

}  // namespace portable
}  // namespace kernels
}  // namespace edgesmith
