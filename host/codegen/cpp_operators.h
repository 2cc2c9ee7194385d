#pragma once
// How each operator reads in generated code: its kernel, and its parameters as constants.

#include <cstdint>
#include <string>
#include <vector>

#include "host/plan/network_plan.h"

namespace edgesmith::cpp {

/// One line of a printed params struct, in the order of device/kernels/params.h.
struct Field {
  enum class Form { integer, real, open, close };  // open, close: the braces of a struct inside the struct

  const char* name;
  int count;  // more than one: an array
  Form form;

  Field(const char* field_name, int values = 1, Form field_form = Form::integer)
      : name(field_name), count(values), form(field_form) {}
};

struct OpText {
  kernels::OpCode code;
  const char* params;  // struct in device/kernels/params.h
  const char* kernel;
  const char* title;
  std::vector<Field> fields;
  const char* header = nullptr;  // what the kernel includes beside tensor/, if anything
};

/// Of every operator that has a kernel.
std::vector<std::uint32_t> operator_codes();

/// Error: a code that has no text, which is our defect.
const OpText& text_of(std::uint32_t code);

/// What stands between the outer braces of the struct's constant: lines with the fields' names as comments.
std::string params_lines(const OpText& text, const std::int32_t* words);

}  // namespace edgesmith::cpp
