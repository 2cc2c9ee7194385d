# cmake -DROOT=... -DOUTPUT=... -DFILES="a;b" -P embed_files.cmake
# Writes a C++ source with the text of every file, so that the tool carries the device sources that it hands out.
set(text "#include \"host/codegen/device_sources.h\"\n\nnamespace edgesmith {\n\n")
string(APPEND text "const std::vector<SourceFile>& device_sources() {\n  static const std::vector<SourceFile> files = {\n")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} content)
  # A raw string literal may not be longer than 65,536 characters on every compiler; device files are far below.
  string(APPEND text "      {\"${file}\", R\"~~~~(${content})~~~~\"},\n")
endforeach()
string(APPEND text "  };\n  return files;\n}\n\n}  // namespace edgesmith\n")
file(WRITE ${OUTPUT} "${text}")
