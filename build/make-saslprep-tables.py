#!/usr/bin/env python3
"""Makes src/Matriarch.Wire/Scram/saslprep.bin: the tables of SaslPrep, from Python's own copy of Unicode.

  build/make-saslprep-tables.py > src/Matriarch.Wire/Scram/saslprep.bin

Six lists of ranges of code points (RFC 3454): mapped to space (C.1.2), mapped to nothing (B.1), prohibited by RFC 4013,
unassigned in Unicode 3.2 (A.1), right to left (D.1), left to right (D.2). Then combining classes, full compatibility
decompositions and primary composites of the code points that Unicode 3.2 has, without Hangul, which is computed. Every
number is a varint (7 bits a byte, the lowest first); sorted code points are given as differences.
"""
import stringprep
import sys
import unicodedata

LAST = 0x10FFFF
out = bytearray()


def number(value):
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def ranges(test):
    found, first = [], None
    for code in range(LAST + 2):
        if code <= LAST and test(chr(code)):
            first = code if first is None else first
        elif first is not None:
            found.append((first, code - 1))
            first = None
    number(len(found))
    previous = 0
    for first, last in found:
        number(first - previous)
        number(last - first)
        previous = last


def prohibited(c):
    tables = (stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4,
              stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8,
              stringprep.in_table_c9)
    return any(table(c) for table in tables)


for each in (stringprep.in_table_c12, stringprep.in_table_b1, prohibited, stringprep.in_table_a1,
             stringprep.in_table_d1, stringprep.in_table_d2):
    ranges(each)

known = [c for c in range(LAST + 1)
         if not 0xAC00 <= c <= 0xD7A3 and not 0xD800 <= c <= 0xDFFF
         and unicodedata.ucd_3_2_0.category(chr(c)) != "Cn"]

classes = [(c, unicodedata.combining(chr(c))) for c in known if unicodedata.combining(chr(c))]
number(len(classes))
previous = 0
for code, value in classes:
    number(code - previous)
    number(value)
    previous = code

decomposed = [(c, unicodedata.normalize("NFKD", chr(c))) for c in known]
decomposed = [(c, d) for c, d in decomposed if d != chr(c)]
number(len(decomposed))
previous = 0
for code, text in decomposed:
    number(code - previous)
    number(len(text))
    for c in text:
        number(ord(c))
    previous = code

pairs = []
for code in known:
    parts = unicodedata.decomposition(chr(code)).split()
    if len(parts) == 2 and not parts[0].startswith("<"):
        first, second = (int(part, 16) for part in parts)
        if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(code):
            pairs.append((code, first, second))
number(len(pairs))
previous = 0
for code, first, second in pairs:
    number(code - previous)
    number(first)
    number(second)
    previous = code

sys.stdout.buffer.write(bytes(out))
