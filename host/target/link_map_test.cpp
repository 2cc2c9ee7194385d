#include "host/target/link_map.h"

#include <gtest/gtest.h>

#include "host/base/files.h"
#include "host/base/process.h"
#include "host/target/tiny_fixture.h"

namespace edgesmith {
namespace {

constexpr const char* kMap = R"(Archive member included to satisfy reference by file (symbol)

/lib/libgcc.a(_muldi3.o)      objects/kws.o (__aeabi_lmul)
/lib/a-very-long-name/libc.a(memcpy.o)
                              objects/main.o (memcpy)

Discarded input sections

 .text.unused   0x00000000       0x1c objects/kws.o

Memory Configuration

Name             Origin             Length             Attributes
FLASH            0x00000000         0x00400000         xr

Linker script and memory map

LOAD objects/kws.o
.text           0x00000000     0x1cb8
 .text.f        0x00000100       0x1c objects/kws.o
 .text._ZN3kws3runEv
                0x0000011c       0x20 objects/with blank.o
 *fill*         0x0000013c        0x4 
 .text.empty    0x00000140        0x0 objects/kws.o
                0x0000011c                a_symbol
)";

TEST(LinkMap, ReadsSectionsAndMembers) {
  const LinkMap map = parse_link_map(kMap);
  ASSERT_EQ(map.sections.size(), 2u);
  EXPECT_EQ(map.sections[0].name, ".text.f");
  EXPECT_EQ(map.sections[0].address, 0x100u);
  EXPECT_EQ(map.sections[0].bytes, 0x1cu);
  EXPECT_EQ(map.sections[0].file, "objects/kws.o");
  EXPECT_EQ(map.sections[1].name, ".text._ZN3kws3runEv");
  EXPECT_EQ(map.sections[1].file, "objects/with blank.o");
  ASSERT_EQ(map.members.size(), 2u);
  EXPECT_EQ(map.members[0].file, "/lib/libgcc.a(_muldi3.o)");
  EXPECT_EQ(map.members[0].asked_by, "objects/kws.o");
  EXPECT_EQ(map.members[1].file, "/lib/a-very-long-name/libc.a(memcpy.o)");
}

TEST(LinkMap, OfNothingIsEmpty) {
  EXPECT_TRUE(parse_link_map("").sections.empty());
  EXPECT_TRUE(parse_link_map("Linker script and memory map\n .text.f\n .text.g 0x\n").sections.empty());
}

/// Two objects, of which one is the model: the other's code and constants are not counted, the library's division is.
TEST(ModelSizes, CountTheModelAndWhatItCalls) {
  const testing::TemporaryFolder folder;
  const auto run = [&](std::vector<std::string> words) {
    const ProcessResult result = run_process(words, {.cwd = folder.path()});
    ASSERT_EQ(result.status, 0) << result.output;
  };
  write_text(folder.path() / "model.cpp",
             "extern const signed char kOp0Weights[40] = {1, 2, 3};\n"
             "extern const int kOther[5] = {1, 2, 3};\nint memory[8];\n"
             "unsigned run(unsigned a, unsigned b) { memory[a] = kOp0Weights[b] + kOther[a]; return a / b; }\n");
  write_text(folder.path() / "app.cpp",
             "extern const int kBig[500] = {1};\nint rest[100];\nunsigned run(unsigned, unsigned);\n"
             "extern \"C\" unsigned _start() { return run(kBig[rest[3]], 4); }\n");
  for (const char* name : {"model", "app"}) {
    run({"arm-none-eabi-g++", "-mcpu=cortex-m0", "-mthumb", "-Os", "-fdata-sections", "-ffunction-sections", "-c",
         std::string(name) + ".cpp", "-o", (folder.path() / (std::string(name) + ".o")).string()});
  }
  const fs::path elf = folder.path() / "a.elf", model = folder.path() / "model.o";
  run({"arm-none-eabi-g++", "-mcpu=cortex-m0", "-mthumb", "-nostartfiles", "-Wl,--gc-sections",
       "-Wl,-Map=" + elf.string() + ".map", model.string(), (folder.path() / "app.o").string(), "-o", elf.string()});
  const LinkMap map = parse_link_map(read_text(elf.string() + ".map"));
  const ModelSizes sizes = model_sizes(elf, map, {model});
  EXPECT_EQ(sizes.weights, 40u);
  EXPECT_EQ(sizes.tables, 20u);
  EXPECT_EQ(sizes.bss, 32u);
  EXPECT_EQ(sizes.data, 0u);
  std::uint64_t own = 0, library = 0;
  for (const MapSection& section : map.sections) {
    if (section.name.rfind(".text", 0) != 0) continue;
    if (section.file == model.string()) own += section.bytes;
    if (section.file.find("udivsi3") != std::string::npos || section.file.find("dvmd_tls") != std::string::npos)
      library += section.bytes;
  }
  EXPECT_GT(own, 0u);
  EXPECT_GT(library, 0u);
  EXPECT_EQ(sizes.code, own + library);
}

}  // namespace
}  // namespace edgesmith
