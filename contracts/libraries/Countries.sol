// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Countries
/// @notice Sets of countries in one word: bit i stands for the i-th of the 249 codes of ISO 3166-1 numeric, ascending.
/// @dev A country that gets a code later has no bit here and lies in no set.
library Countries {
    /// @dev The codes of ISO 3166-1:2020, two bytes each, ascending.
    bytes internal constant CODES =
        hex"00040008000a000c001000140018001c001f002000240028002c00300032003300340038003c0040004400460048004a"
        hex"004c00540056005a005c006000640068006c007000740078007c00840088008c009000940098009c009e00a200a600aa"
        hex"00ae00af00b200b400b800bc00bf00c000c400cb00cc00d000d400d600da00de00e200e700e800e900ea00ee00ef00f2"
        hex"00f600f800fa00fe010201040106010a010c010e01130114012001240128012c013001340138013c014001440148014c"
        hex"014e015001540158015c016001640168016c017001740178017c018001840188018e019001940198019a019e01a101a2"
        hex"01a601aa01ac01ae01b201b601b801ba01be01c201c601ca01ce01d201d601da01de01e001e401ec01f001f201f301f4"
        hex"01f801fc020002040208020c02100213021502160217021c0224022a022e02320236023a023e02420244024502470248"
        hex"0249024a024f02560258025c026002640268026c027002720276027a027e028202830286028c028e0293029402960297"
        hex"029a029e02a202a602aa02ae02b002b202b602be02bf02c002c102c202c602cc02d402d802d902dc02e402e802ec02f0"
        hex"02f402f802fa02fc030003040308030c031003140318031b031c031e0320032403270332033a033f0340034103420348"
        hex"03520356035a035c035e036c03720377037e";

    /// @notice Whether a set holds a country. A code that is not of the standard is in no set.
    function contains(uint256 set, uint16 country) internal pure returns (bool) {
        bytes memory codes = CODES;
        uint256 low = 0;
        uint256 high = codes.length / 2;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            uint16 code = (uint16(uint8(codes[2 * middle])) << 8) | uint8(codes[2 * middle + 1]);
            if (code == country) return (set >> middle) & 1 == 1;
            if (code < country) low = middle + 1;
            else high = middle;
        }
        return false;
    }
}
