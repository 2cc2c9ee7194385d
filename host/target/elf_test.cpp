#include "host/target/elf.h"

#include <gtest/gtest.h>

#include "host/base/error.h"
#include "host/base/process.h"
#include "host/base/random.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

/// Compiles and links a few lines for a Cortex-M3, without start-up code.
fs::path link_for_arm(const fs::path& folder, const std::string& source, const std::vector<std::string>& more = {}) {
  write_text(folder / "a.cpp", source);
  std::vector<std::string> command = {"arm-none-eabi-g++",
                                      "-mcpu=cortex-m3",
                                      "-mthumb",
                                      "-O1",
                                      "-nostartfiles",
                                      "--specs=nano.specs",
                                      "--specs=nosys.specs",
                                      "-Wl,-e,main",
                                      (folder / "a.cpp").string(),
                                      "-o",
                                      (folder / "a.elf").string()};
  command.insert(command.end(), more.begin(), more.end());
  const ProcessResult result = run_process(command);
  EXPECT_EQ(result.status, 0) << result.output;
  return folder / "a.elf";
}

bool mentions(const std::vector<std::string>& violations, const std::string& what) {
  for (const std::string& violation : violations) {
    if (violation.rfind(what, 0) == 0) return true;
  }
  return false;
}

TEST(LinkedFirmware, CleanCodePasses) {
  const testing::TemporaryFolder folder;
  const fs::path elf = link_for_arm(folder.path(), "int sums[9]; int main() { return sums[2]; }", {"-fno-exceptions"});
  EXPECT_EQ(check_linked_firmware(elf), std::vector<std::string>());
}

TEST(LinkedFirmware, EveryForbiddenThingIsNamed) {
  const testing::TemporaryFolder folder;
  const auto violations = [&](const std::string& source, const std::vector<std::string>& more = {}) {
    return check_linked_firmware(link_for_arm(folder.path(), source, more));
  };
  EXPECT_TRUE(mentions(violations("#include <stdlib.h>\nvoid* volatile p; int main() { p = malloc(4); }"), "a heap"));
  EXPECT_TRUE(mentions(violations("int* volatile p; int main() { p = new int; }"), "operator new"));
  EXPECT_TRUE(mentions(violations("int f(); int x = f(); int y; int f() { return y + 1; } int main() {}",
                                  {"-fno-inline", "-Wl,-u,x", "-O0"}),
                       "start-up constructors"));
  EXPECT_TRUE(mentions(violations("int main() { throw 1; }", {"-Wl,--defsym=__dso_handle=0"}), "exceptions"));
  EXPECT_TRUE(mentions(violations("#include <stdio.h>\nint n; int main() { printf(\"%d\", n); }"), "printf"));
  EXPECT_TRUE(mentions(violations("int volatile table[65] = {1}; int main() { return table[3]; }"), ".data"));
}

TEST(LinkedFirmware, SizesAreThoseOfItsSections) {
  const testing::TemporaryFolder folder;
  const Elf elf = read_elf(link_for_arm(folder.path(),
                                        "int volatile set[3] = {1}; int volatile zero[5];\n"
                                        "int main() { return set[1] + zero[2]; }",
                                        {"-nostdlib", "-fno-exceptions"}));
  const FirmwareSizes sizes = firmware_sizes(elf);
  EXPECT_EQ(sizes.data_bytes, 12u);
  EXPECT_EQ(sizes.ram_bytes, 12u + 20u);
  EXPECT_EQ(sizes.flash_bytes, 12u + elf.section(".text")->bytes);
}

TEST(ElfFault, TurnsOverOneBitOfTheNamedVariable) {
  const testing::TemporaryFolder folder;
  const fs::path elf =
      link_for_arm(folder.path(),
                   "namespace tap { namespace { extern const signed char weights[4]; const signed char "
                   "weights[4] = {1, 2, 3, 4}; } }\nint volatile i; int more_weights[2];\n"
                   "int main() { return tap::weights[i] + more_weights[i]; }",
                   {"-fno-exceptions"});
  const FileRange range = find_in_file(elf, "weights");
  EXPECT_EQ(range.bytes, 4u);
  flip_bit_in_elf(elf, "weights", 17, folder.path() / "b.elf");
  const Bytes before = read_bytes(elf), after = read_bytes(folder.path() / "b.elf");
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i], i == range.offset + 2 ? before[i] ^ 2 : before[i]);
  }
  EXPECT_EQ(before[range.offset + 2], 3);
  EXPECT_THROW(flip_bit_in_elf(elf, "weights", 32, folder.path() / "c.elf"), Error);
  EXPECT_THROW(find_in_file(elf, "biases"), Error);
}

TEST(Elf, DamagedFilesAreRefusedOrRead) {
  const testing::TemporaryFolder folder;
  const fs::path elf = link_for_arm(folder.path(), "int main() { return 0; }", {"-nostdlib", "-s"});
  const Bytes good = read_bytes(elf);
  const fs::path bad = folder.path() / "bad.elf";
  const auto try_reading = [&](const Bytes& bytes) {
    write_bytes(bad, bytes.data(), bytes.size());
    try {
      read_elf(bad);
    } catch (const Error& error) {
      EXPECT_EQ(error.text.code, "elf.malformed");
    }
  };
  for (std::size_t kept = 0; kept < good.size(); kept += 1 + kept / 8) {
    try_reading(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(kept)));
  }
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    Bytes bytes = good;
    const std::uint32_t bit = random.below(static_cast<std::uint32_t>(bytes.size() * 8));
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1u << (bit % 8)));
    try_reading(bytes);
  }
}

}  // namespace
}  // namespace edgesmith
