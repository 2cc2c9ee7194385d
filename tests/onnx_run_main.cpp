// Runs an .onnx network once by the interpreter: for comparisons with onnxruntime.
//
//   onnx_run MODEL.onnx OUTPUT INPUT...     raw little-endian tensors in the types of the network's ends

#include <cstdio>

#include "host/base/files.h"
#include "host/convert/onnx/onnx.h"
#include "host/ir/interpreter.h"
#include "host/ir/text.h"

int main(int count, char** words) {
  using namespace edgesmith;
  if (count < 3) return 2;
  try {
    const ir::Graph graph = convert::read_onnx(fs::path(words[1]));
    std::vector<Bytes> inputs;
    for (int i = 3; i < count; ++i)
      inputs.push_back(read_bytes(words[i]));
    const Bytes output = ir::Interpreter(graph).run(inputs).at(0);
    write_bytes(words[2], output.data(), output.size());
    std::printf("%s", ir::to_text(graph).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
