// Softmax without floating point. Fixed-point formats are written Qi.f: i integer bits, f fraction bits, one sign bit.
//
// Row by row: find the maximum; sum exp(x - max) in Q12.19; take the reciprocal of the sum once; multiply each
// exponential by it. The sum needs the exponentials and so does the output: they are computed twice, since there is no
// memory to keep them.
//   exp(a), a <= 0:  a = b + c with b in [-1/4, 0) and c a negative multiple of 1/4. exp(b) is a polynomial of degree
//                    four around -1/8; exp(c) is a product of constants exp(-2^k), one for each set bit of c.
//   1 / s:           s is normalised to [1, 2), the reciprocal found by three Newton steps.
// Cost: about 60 multiplications of 32 x 32 bits an element.
//
// Results are defined to the bit by gemmlowp's fixed-point functions; the constants below are those of its contract.

#include "device/kernels/reference/kernels.h"
#include "device/tensor/fixed_point.h"
#include "device/tensor/quantization.h"

namespace edgesmith {
namespace kernels {
namespace reference {
namespace {

constexpr int kExponentFractionBits = 26;  // Q5.26
constexpr int kSumIntegerBits = 12;        // Q12.19

/// exp(a) as Q0.31 for `a` in [-1/4, 0) as Q0.31.
int32_t exp_of_quarter(int32_t a) {
  constexpr int32_t kExpMinusEighth = 1895147668;  // exp(-1/8)
  constexpr int32_t kThird = 715827883;            // 1/3
  const int32_t x = a + (1 << 28);                 // distance to -1/8
  const int32_t x2 = high_multiply(x, x);
  const int32_t x3 = high_multiply(x2, x);
  const int32_t x4 = high_multiply(x2, x2);
  const int32_t cubic = high_multiply(rounding_shift_right(x4, 2) + x3, kThird);
  const int32_t tail = rounding_shift_right(cubic + x2, 1);  // x^2/2 + x^3/6 + x^4/24
  return kExpMinusEighth + high_multiply(kExpMinusEighth, x + tail);
}

/// exp(a) as Q0.31 for `a` in (-32, 0] as Q5.26.
int32_t exp_of_negative(int32_t a) {
  constexpr int32_t kQuarter = 1 << (kExponentFractionBits - 2);
  constexpr int32_t kExpOfBit[] = {// exp(-2^k) as Q0.31, k = -2..4
                                   1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (a == 0) return INT32_MAX;
  const int32_t part = (a & (kQuarter - 1)) - kQuarter;  // in [-1/4, 0)
  const int32_t rest = part - a;                         // a multiple of 1/4, not negative
  int32_t result = exp_of_quarter(part * 32);
  for (int k = 0; k < 7; ++k) {
    if (rest & (kQuarter << k)) result = high_multiply(result, kExpOfBit[k]);
  }
  return result;
}

/// 1 / (1 + a) as Q0.31 for `a` in [0, 1) as Q0.31: Newton's x += x * (1 - d * x), on half the denominator so that d
/// stays below one. x is Q2.29 and becomes 1 / d = 2 / (1 + a).
int32_t reciprocal_of_one_plus(int32_t a) {
  constexpr int32_t kFirst = 1515870810;   // 48/17 in Q2.29, the straight line with the smallest worst error
  constexpr int32_t kSlope = -1010580540;  // -32/17
  constexpr int32_t kOne = 1 << 29;
  const int32_t half_denominator = static_cast<int32_t>((static_cast<int64_t>(a) + INT32_MAX + 1) / 2);
  int32_t x = kFirst + high_multiply(half_denominator, kSlope);
  for (int step = 0; step < 3; ++step) {
    const int32_t error = kOne - high_multiply(half_denominator, x);
    x += high_multiply(x, error) * 4;  // a product of two Q2.29 is Q4.27
  }
  return saturate_s32(static_cast<int64_t>(x) * 2);  // x / 2, in Q0.31
}

int leading_zeros(uint32_t x) {
  int zeros = 0;
  for (; !(x & 0x80000000u); x <<= 1)
    ++zeros;
  return zeros;
}

int32_t max_of(const int8_t* row, int32_t depth) {
  int32_t largest = row[0];
  for (int32_t i = 1; i < depth; ++i)
    largest = row[i] > largest ? row[i] : largest;
  return largest;
}

int32_t exp_of_difference(const SoftmaxParams& p, int32_t difference) {
  const int32_t scaled = static_cast<int32_t>(static_cast<uint32_t>(difference) << p.shift);  // above -31 in Q5.26
  return exp_of_negative(high_multiply(scaled, p.multiplier));
}

/// Sum of the row's exponentials, Q12.19. At least 1, since the maximum is one of them.
int32_t sum_of_exps(const SoftmaxParams& p, const int8_t* row, int32_t largest) {
  int32_t sum = 0;
  for (int32_t i = 0; i < p.depth; ++i) {
    const int32_t difference = row[i] - largest;
    if (difference >= p.diff_min) sum += rounding_shift_right(exp_of_difference(p, difference), kSumIntegerBits);
  }
  return sum;
}

void softmax_row(const SoftmaxParams& p, const int8_t* row, int8_t* out) {
  const int32_t largest = max_of(row, p.depth);
  const uint32_t sum = static_cast<uint32_t>(sum_of_exps(p, row, largest));
  const int zeros = leading_zeros(sum);
  const int32_t reciprocal = reciprocal_of_one_plus(static_cast<int32_t>((sum << zeros) - 0x80000000u));
  const int shift = kSumIntegerBits - zeros + 31 - 8;  // undoes the normalisation; the output has 8 fraction bits
  for (int32_t i = 0; i < p.depth; ++i) {
    const int32_t difference = row[i] - largest;
    int64_t q = INT8_MIN;
    if (difference >= p.diff_min) {
      const int64_t product = high_multiply(reciprocal, exp_of_difference(p, difference));
      q += rounding_shift_right(product, shift);
    }
    out[i] = static_cast<int8_t>(q > INT8_MAX ? INT8_MAX : q);
  }
}

}  // namespace

void softmax_s8(const SoftmaxParams& params, Span<const int8_t> input, Span<int8_t> output) {
  for (int32_t row = 0; row < params.rows; ++row) {
    softmax_row(params, input.data + row * params.depth, output.data + row * params.depth);
  }
}

}  // namespace reference
}  // namespace kernels
}  // namespace edgesmith
