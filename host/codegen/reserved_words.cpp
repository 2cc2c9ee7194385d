#include "host/codegen/reserved_words.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace edgesmith::cpp {
namespace {

// C++ keywords up to C++20, and the alternative spellings of operators.
constexpr const char* kKeywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl "
    "concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default "
    "delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long "
    "mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch "
    "template this thread_local throw true try typedef typeid typename typeof union unsigned using virtual void "
    "volatile wchar_t while xor xor_eq";

// The generated folder is an include path: a header of ours must not hide one that system headers include.
constexpr const char* kHeaders =
    "aio alloca argp assert byteswap complex ctype dirent dlfcn elf endian err errno error execinfo fcntl features "
    "fenv float getopt glob grp inttypes iso646 libgen limits link locale malloc math memory netdb newlib nss obstack "
    "paths poll printf process pthread pwd reent regex regdef resolv sched search semaphore setjmp signal spawn "
    "stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings sys_limits tar "
    "termios tgmath threads time uchar unistd unwind utime values version wait wchar wctype";

// Functions, types and macros of <math.h>, <string.h>, <stdio.h> and what they include; variants for float and long
// double are made below.
constexpr const char* kMath =
    "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 expm1 fabs fadd "
    "fdim fdiv ffma finite floor fma fmax fmin fmod fmul frexp fsqrt fsub gamma hypot ilogb j0 j1 jn ldexp lgamma "
    "llogb llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter nextdown nexttoward "
    "nextup pow pow10 remainder remquo rint round roundeven scalb scalbln scalbn significand sin sincos sinh sqrt tan "
    "tanh tgamma totalorder trunc y0 y1 yn";
constexpr const char* kLibrary =
    "abs asprintf basename bcmp bcopy bzero canonicalize clearerr ctermid cuserid div dprintf eof exit fclose fdopen "
    "feof ferror fflush ffs ffsl ffsll fgetc fgetpos fgets file fileno flockfile fls flsl flsll fopen fprintf fputc "
    "fputs fread free freopen fromfp fscanf fseek fsetpos ftell fwrite getc getchar getline gets getw index infinity "
    "isinf isnan linux major makedev memccpy memchr memcmp memcpy memfrob memmem memmove mempcpy memrchr memset minor "
    "null offsetof pclose perror popen pselect putc putchar puts putw random rawmemchr remove rename rewind rindex "
    "scanf select setbuf setbuffer setlinebuf setvbuf snprintf sprintf sscanf stderr stdin stdout strcat strchr strcmp "
    "strcoll strcpy strcspn strdup strerror strlen strlwr strncat strncmp strncpy strpbrk strrchr strsep strspn strstr "
    "strtok strupr strxfrm system tempnam tmpfile tmpnam uint ulong ungetc unix ushort va_list vprintf vscanf";

// CMake's targets, and what the generated files name themselves.
constexpr const char* kOwn =
    "all arduino clean edgesmith edit_cache help install list_install_components main package package_source pipeline "
    "rebuild_cache std test zephyr";

std::set<std::string> all_words() {
  std::set<std::string> words;
  std::string word;
  for (const char* list : {kKeywords, kHeaders, kMath, kLibrary, kOwn}) {
    for (std::istringstream text(list); text >> word;)
      words.insert(word);
  }
  for (std::istringstream text(kMath); text >> word;)
    words.insert({word + "f", word + "l"});
  return words;
}

}  // namespace

bool is_reserved(const std::string& name) {
  static const std::set<std::string> words = all_words();
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const bool posix_type = lower.size() > 2 && lower.ends_with("_t");
  return posix_type || words.count(lower) > 0;
}

}  // namespace edgesmith::cpp
