// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Purpose} from "../../../contracts/types/DataUseTypes.sol";
import {Test} from "../support/Test.sol";

/// @notice The library against the truth table of `vectors/oracle.ts`, which was written apart from it.
contract DataUseTest is Test {
    string internal json;

    function setUp() public {
        json = vm.readFile(
            string.concat(vm.projectRoot(), "/test/contracts/vectors/generated/data-use.json")
        );
    }

    function decide(
        uint256 duo,
        uint256 disease,
        uint256 uses,
        uint256 purposeDisease
    ) private pure returns (uint256) {
        Purpose memory purpose = Purpose(uint128(uses), 276, bytes32(purposeDisease), keccak256("project"));
        return uint256(DataUse.permits(uint128(duo), bytes32(disease), purpose));
    }

    /// @dev 74 combinations of terms and diseases × 512 sets of declared uses.
    function test_TruthTable() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".tables.name");
        uint256[] memory duo = vm.parseJsonUintArray(json, ".tables.duo");
        uint256[] memory disease = vm.parseJsonUintArray(json, ".tables.disease");
        uint256[] memory purposeDisease = vm.parseJsonUintArray(json, ".tables.purposeDisease");
        bytes[] memory reasons = vm.parseJsonBytesArray(json, ".tables.reasons");
        assertEq(names.length, 74);
        for (uint256 i = 0; i < names.length; ++i) {
            assertEq(reasons[i].length, 512);
            for (uint256 uses = 0; uses < 512; ++uses) {
                uint256 given = decide(duo[i], disease[i], uses, purposeDisease[i]);
                // The comparison itself is a cheatcode: only a difference is worth the call.
                if (given != uint8(reasons[i][uses])) assertEq(given, uint8(reasons[i][uses]), names[i]);
            }
        }
    }

    function test_MalformedTermsAndUses() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".edges.name");
        uint256[] memory duo = vm.parseJsonUintArray(json, ".edges.duo");
        uint256[] memory uses = vm.parseJsonUintArray(json, ".edges.uses");
        uint256[] memory reasons = vm.parseJsonUintArray(json, ".edges.reason");
        assertTrue(names.length > 250);
        for (uint256 i = 0; i < names.length; ++i) {
            assertEq(decide(duo[i], 0, uses[i], 0), reasons[i], names[i]);
        }
    }

    function test_ReasonsAreInTheTablesOrder() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".reasons");
        assertEq(names.length, uint256(type(DataUse.Reason).max) + 1);
        assertEq(names[uint256(DataUse.Reason.OtherDisease)], "OtherDisease");
        assertEq(names[uint256(DataUse.Reason.Reidentification)], "Reidentification");
    }

    /// @dev Whatever the terms: where a purpose is permitted, declaring fewer qualities is permitted as well, and
    /// adding a modifier never permits more.
    function testFuzz_MoreRulesNeverPermitMore(uint128 duo, uint128 rule, uint128 uses) public pure {
        duo = duo & ((1 << 24) - 1);
        rule = uint128(1) << (rule % 128);
        uses = uses & 511;
        if (rule < 32) return; // a permission, not a rule
        if (decide(duo | rule, 1, uses, 1) == 0) assertEq(decide(duo, 1, uses, 1), 0);
    }

    function testFuzz_UnknownBitsDeny(uint128 duo, uint128 uses) public pure {
        bool known = duo < (1 << 24) && uses < (1 << 9);
        if (!known) assertTrue(decide(duo, 1, uses, 1) != 0);
    }
}
