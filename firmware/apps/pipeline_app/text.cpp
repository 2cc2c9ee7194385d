#include "firmware/apps/pipeline_app/text.h"

namespace app {

void Text::put(char character) {
  if (filled_ < sizeof line_) line_[filled_++] = character;
}

void Text::digits(uint32_t value, uint32_t least) {
  char reversed[10];
  uint32_t count = 0;
  for (; value != 0 || count < least; value /= 10)
    reversed[count++] = static_cast<char>('0' + value % 10);
  while (count > 0)
    put(reversed[--count]);
}

Text& Text::text(const char* words) {
  for (; *words != 0; ++words)
    put(*words);
  return *this;
}

Text& Text::number(uint32_t value) {
  digits(value, 1);
  return *this;
}

Text& Text::number(int32_t value) {
  if (value < 0) put('-');
  digits(value < 0 ? 0u - static_cast<uint32_t>(value) : static_cast<uint32_t>(value), 1);
  return *this;
}

Text& Text::real(float value, uint32_t decimals) {
  uint32_t unit = 1;
  for (uint32_t i = 0; i < decimals; ++i)
    unit *= 10;
  if (value < 0) put('-');
  const uint32_t scaled = static_cast<uint32_t>((value < 0 ? -value : value) * static_cast<float>(unit) + 0.5f);
  digits(scaled / unit, 1);
  if (decimals > 0) put('.');
  if (decimals > 0) digits(scaled % unit, decimals);
  return *this;
}

Text& Text::hex(edgesmith::Span<const uint8_t> bytes) {
  static const char kDigits[] = "0123456789abcdef";
  for (uint8_t byte : bytes) {
    put(kDigits[byte >> 4]);
    put(kDigits[byte & 15]);
  }
  return *this;
}

}  // namespace app
