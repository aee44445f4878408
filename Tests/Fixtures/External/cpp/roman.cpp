// A pack in C++: writes numbers in Roman numerals.
#include "tool_abi.h"

#include <cstdlib>
#include <string>

namespace {

template <std::size_t size> constexpr tool_str text(const char (&literal)[size]) {
  return tool_str{literal, size - 1};
}

std::string roman(int number) {
  static const struct {
    int value;
    const char *letters;
  } parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
               {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  std::string letters;
  for (const auto &part : parts)
    for (; number >= part.value; number -= part.value) letters += part.letters;
  return letters;
}

// The host gives the string back here, and it is deleted by the library that made it.
void hand_over(tool_bytes &bytes, std::string *owner) {
  bytes.data = reinterpret_cast<const std::uint8_t *>(owner->data());
  bytes.size = owner->size();
  bytes.owner = owner;
  bytes.release = [](void *owner, const std::uint8_t *, std::uint64_t) { delete static_cast<std::string *>(owner); };
}

tool_status invoke(void *, const tool_descriptor *, const tool_call *call, tool_result *result) {
  try { // no exception may cross
    // The input is an object with one member, an integer, which JSON may also write as 4.0 or 4e0.
    const std::string arguments(call->arguments.data, call->arguments.size);
    const double number = std::strtod(arguments.c_str() + arguments.find(':') + 1, nullptr);
    hand_over(result->content, new std::string("{\"roman\":\"" + roman(static_cast<int>(number)) + "\"}"));
    return TOOL_OK;
  } catch (...) {
    return TOOL_E_INTERNAL;
  }
}

const tool_descriptor to_roman = {
    sizeof(tool_descriptor),
    TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED | TOOL_INLINE,
    text("to_roman"),
    text("Roman numerals"),
    text("Writes a number in Roman numerals."),
    text(""),
    text(R"({"type":"object","properties":{"number":{"type":"integer","minimum":1,"maximum":3999,)"
         R"("description":"The number"}},"required":["number"],"additionalProperties":false})"),
    text(R"({"type":"object","properties":{"roman":{"type":"string","description":"Its numerals"}},)"
         R"("required":["roman"]})"),
    text(""), nullptr, 0, 0, 0, 0, 0, nullptr};

const tool_descriptor *const tools[] = {&to_roman};

const tool_pack pack = {
    sizeof(tool_pack), TOOL_ABI_MAJOR, TOOL_ABI_MINOR, 0, 0, 1,
    text("roman"), text("1.0.0"), text("Writes Roman numerals."), text(""),
    tools, nullptr, invoke, nullptr, nullptr};

} // namespace

const tool_pack *tool_pack_entry_v1(void) { return &pack; }
