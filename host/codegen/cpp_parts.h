#pragma once
// The files of a generated folder, one function each. See emit_cpp.h.

#include <string>
#include <vector>

#include "host/codegen/emit_cpp.h"

namespace edgesmith::cpp {

/// The comment on top of every generated file.
std::string banner(const CompiledPlan& plan, const std::string& made_by, const std::string& what);

std::string header(const CompiledPlan& plan, const std::string& made_by);
std::string plan_source(const CompiledPlan& plan, const std::string& made_by);
std::string network_source(const CompiledPlan& plan, const std::string& made_by);
std::string c_face_source(const CompiledPlan& plan, const std::string& made_by);
std::string main_source(const CompiledPlan& plan, const std::string& made_by);
/// A macro of the header that says where weights lie.
std::string weights_placement(const CompiledPlan& plan);

/// Of a bare network.
std::string bare_header(const CompiledPlan& plan, const std::string& made_by);
std::string bare_source(const CompiledPlan& plan, const std::string& made_by);

std::string cmake_file(const CompiledPlan& plan, const std::string& made_by);

/// The project's name as an upper-case macro prefix.
std::string upper_identifier(const std::string& name);

/// Sources of the operators that the plan uses, as paths in the source tree; may name one twice.
std::vector<std::string> kernel_sources(const CompiledPlan& plan);

}  // namespace edgesmith::cpp
