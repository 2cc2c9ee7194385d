#include "host/codegen/emit_cpp.h"

#include <fmt/format.h>

#include <cctype>
#include <set>

#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"
#include "host/codegen/device_sources.h"
#include "host/codegen/reserved_words.h"

namespace edgesmith {
namespace {

bool starts_with_any(std::string_view path, std::initializer_list<std::string_view> prefixes) {
  for (std::string_view prefix : prefixes) {
    if (path.substr(0, prefix.size()) == prefix) return true;
  }
  return false;
}

/// Runtime parts that every generated folder needs; kernels come on top.
bool always_needed(const CompiledPlan& plan, std::string_view path) {
  if (plan.bare()) {
    return starts_with_any(
        path, {"device/base/status.h", "device/base/span.h", "device/tensor/", "device/kernels/params.h",
               "device/kernels/place.h", "device/runtime/noise.h", "device/runtime/arena_guard.h", "LICENSE"});
  }
  return starts_with_any(path, {"device/base/", "device/tensor/", "device/signal/", "device/guard/", "device/decision/",
                                "device/runtime/plan.", "device/runtime/road.", "device/runtime/pipeline.",
                                "device/kernels/params.h", "device/kernels/place.h", "LICENSE"});
}

/// What kernels of the plan's set include (those of other sets fall back to the reference), and what they share.
bool kernel_part(const CompiledPlan& plan, std::string_view path) {
  const std::string own = fmt::format("device/kernels/{}/", plan.network.kernels->name);
  if (path.starts_with(own + "parts/")) return true;
  const bool header = path.ends_with(".h") && !path.ends_with("/set.h");
  return header && (path.starts_with(own) || path.starts_with("device/kernels/reference/"));
}

}  // namespace

std::string identifier(const std::string& name) {
  std::string out;
  for (char c : name)
    out += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out = "m" + out;
  return cpp::is_reserved(out) ? out + "_model" : out;
}

std::map<std::string, std::string> emit_cpp(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  std::map<std::string, std::string> files;
  if (plan.bare()) {
    files[name + ".h"] = cpp::bare_header(plan, made_by);
    files[name + ".cpp"] = cpp::bare_source(plan, made_by);
  } else {
    files[name + ".h"] = cpp::header(plan, made_by);
    files[name + ".cpp"] = cpp::plan_source(plan, made_by);
    files[name + "_c.cpp"] = cpp::c_face_source(plan, made_by);
  }
  files[name + "_network.cpp"] = cpp::network_source(plan, made_by);
  files["main.cpp"] = cpp::main_source(plan, made_by);
  files["CMakeLists.txt"] = cpp::cmake_file(plan, made_by);
  const std::vector<std::string> kernels = cpp::kernel_sources(plan);
  const std::set<std::string_view> used(kernels.begin(), kernels.end());
  for (const SourceFile& source : device_sources()) {
    const bool needed =
        always_needed(plan, source.path) || kernel_part(plan, source.path) || used.count(source.path) > 0;
    if (needed) files[std::string(source.path)] = source.text;
  }
  return files;
}

namespace cpp {
namespace {

/// "tap 0.1.0"; a bare network has no version.
std::string full_name(const CompiledPlan& plan) {
  return plan.version.empty() ? plan.name : plan.name + " " + plan.version;
}

}  // namespace

std::string upper_identifier(const std::string& name) {
  std::string out = identifier(name);
  for (char& c : out)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string banner(const CompiledPlan& plan, const std::string& made_by, const std::string& what) {
  return fmt::format("// {}: {}.\n// Made by: {}\n// Plan {}. Do not edit.\n\n", commented(full_name(plan)), what,
                     commented(made_by), hex(plan.plan_id));
}

std::string main_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  return banner(plan, made_by, "checks the self-test vector, on any machine") +
         fmt::format(
             "// g++ -std=c++14 -O2 -I. $(find . -name '*.cpp') -o {0} && ./{0}\n\n"
             "#if !defined(ARDUINO) && !defined(ESP_PLATFORM) && !defined(__ZEPHYR__)  // these bring their own main\n"
             "#include <stdio.h>\n\n"
             "#include \"{0}.h\"\n\n"
             "static {0}::{2} {3};\n\n"
             "int main() {{\n"
             "  const {0}::Status status = {3}.begin();\n"
             "  if (status == {0}::Status::ok) {{\n"
             "    printf(\"%s: self-test passed\\n\", {1});\n"
             "    return 0;\n"
             "  }}\n"
             "  printf(\"%s: self-test failed, status %d (see device/base/status.h)\\n\", {1}, "
             "static_cast<int>(status));\n"
             "  return 1;\n"
             "}}\n"
             "#endif\n",
             name, quoted(full_name(plan)), plan.bare() ? "Network" : "Pipeline", plan.bare() ? "network" : "pipeline");
}

std::string cmake_file(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  return fmt::format(
      "# {1}. Made by: {2}\n"
      "cmake_minimum_required(VERSION 3.13)\n"
      "project({0} CXX)\n\n"
      "file(GLOB_RECURSE device_sources ${{CMAKE_CURRENT_SOURCE_DIR}}/device/*.cpp)\n"
      "add_library({0} STATIC {0}.cpp {0}_network.cpp{3} ${{device_sources}})\n"
      "target_include_directories({0} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})\n"
      "target_compile_features({0} PUBLIC cxx_std_14)\n\n"
      "# add_subdirectory() this folder and link {0}; built on its own it also checks itself.\n"
      "if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)\n"
      "  add_executable({0}_check main.cpp)\n"
      "  target_link_libraries({0}_check PRIVATE {0})\n"
      "endif()\n",
      name, commented(full_name(plan)), commented(made_by), plan.bare() ? "" : fmt::format(" {}_c.cpp", name));
}

}  // namespace cpp
}  // namespace edgesmith
