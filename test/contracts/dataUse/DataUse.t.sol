// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Purpose} from "../../../contracts/types/DataUseTypes.sol";
import {Test} from "../support/Test.sol";

/// @notice The library against the truth table of `vectors/oracle.ts`, which was written apart from it.
contract DataUseTest is Test {
    struct Circumstances {
        uint128 shown;
        uint40 time;
        uint40 until;
    }

    uint128 internal constant CARE = 1 << 19;

    string internal json;

    function setUp() public {
        json = vm.readFile(
            string.concat(vm.projectRoot(), "/test/contracts/vectors/generated/data-use.json")
        );
    }

    function decide(
        uint256 duo,
        uint256 disease,
        uint256 dates,
        uint256 uses,
        uint256 purposeDisease,
        Circumstances memory around
    ) private pure returns (uint256) {
        Purpose memory purpose = Purpose(uint128(uses), 276, bytes32(purposeDisease), keccak256("project"));
        return
            uint256(
                DataUse.permits(
                    uint128(duo),
                    bytes32(disease),
                    uint80(dates),
                    purpose,
                    around.shown,
                    around.time,
                    around.until
                )
            );
    }

    /// @dev 178 combinations of terms and diseases × 512 sets of declared uses.
    function test_TruthTable() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".tables.name");
        uint256[] memory duo = vm.parseJsonUintArray(json, ".tables.duo");
        uint256[] memory disease = vm.parseJsonUintArray(json, ".tables.disease");
        uint256[] memory purposeDisease = vm.parseJsonUintArray(json, ".tables.purposeDisease");
        uint256[] memory shown = vm.parseJsonUintArray(json, ".tables.shown");
        bytes[] memory reasons = vm.parseJsonBytesArray(json, ".tables.reasons");
        assertEq(names.length, 178);
        for (uint256 i = 0; i < names.length; ++i) {
            assertEq(reasons[i].length, 512);
            Circumstances memory around = Circumstances(uint128(shown[i]), 0, 0);
            for (uint256 uses = 0; uses < 512; ++uses) {
                uint256 given = decide(duo[i], disease[i], 0, uses, purposeDisease[i], around);
                // The comparison itself is a cheatcode: only a difference is worth the call.
                if (given != uint8(reasons[i][uses])) assertEq(given, uint8(reasons[i][uses]), names[i]);
            }
        }
    }

    /// @dev Every modifier under every permission and every pair of modifiers: 276 terms × 891 cases.
    function test_Modifiers() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".modifiers.name");
        uint256[] memory duo = vm.parseJsonUintArray(json, ".modifiers.duo");
        bytes[] memory reasons = vm.parseJsonBytesArray(json, ".modifiers.reasons");
        uint256[] memory uses = vm.parseJsonUintArray(json, ".cases.uses");
        Circumstances[] memory around = circumstances(uses.length);
        uint256 disease = vm.parseJsonUint(json, ".disease");
        uint256 dates = vm.parseJsonUint(json, ".dates");
        assertEq(names.length, 276);
        for (uint256 i = 0; i < names.length; ++i) {
            assertEq(reasons[i].length, 891);
            for (uint256 j = 0; j < uses.length; ++j) {
                uint256 given = decide(duo[i], disease, dates, uses[j], disease, around[j]);
                if (given != uint8(reasons[i][j])) assertEq(given, uint8(reasons[i][j]), names[i]);
            }
        }
    }

    function circumstances(uint256 count) private view returns (Circumstances[] memory around) {
        uint256[] memory shown = vm.parseJsonUintArray(json, ".cases.shown");
        uint256[] memory time = vm.parseJsonUintArray(json, ".cases.time");
        uint256[] memory until = vm.parseJsonUintArray(json, ".cases.until");
        around = new Circumstances[](count);
        for (uint256 i = 0; i < count; ++i) {
            around[i] = Circumstances(uint128(shown[i]), uint40(time[i]), uint40(until[i]));
        }
    }

    function test_MalformedTermsAndUses() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".edges.name");
        uint256[] memory duo = vm.parseJsonUintArray(json, ".edges.duo");
        uint256[] memory dates = vm.parseJsonUintArray(json, ".edges.dates");
        uint256[] memory uses = vm.parseJsonUintArray(json, ".edges.uses");
        uint256[] memory reasons = vm.parseJsonUintArray(json, ".edges.reason");
        assertTrue(names.length > 250);
        Circumstances memory all = Circumstances(type(uint128).max, 0, 0);
        for (uint256 i = 0; i < names.length; ++i) {
            assertEq(decide(duo[i], 0, dates[i], uses[i], 0, all), reasons[i], names[i]);
        }
    }

    function test_ReasonsAreInTheTablesOrder() public view {
        string[] memory names = vm.parseJsonStringArray(json, ".reasons");
        assertEq(names.length, uint256(type(DataUse.Reason).max) + 1);
        assertEq(names[uint256(DataUse.Reason.TermsIncomplete)], "TermsIncomplete");
        assertEq(names[uint256(DataUse.Reason.OtherDisease)], "OtherDisease");
        assertEq(names[uint256(DataUse.Reason.Reidentification)], "Reidentification");
        assertEq(names[uint256(DataUse.Reason.MoratoriumNotAccepted)], "MoratoriumNotAccepted");
        assertEq(names[uint256(DataUse.Reason.InstitutionNotAttested)], "InstitutionNotAttested");
    }

    /// @dev Whatever the terms: adding a modifier never permits more, but for care (CC), which is there to add a use.
    function testFuzz_MoreRulesNeverPermitMore(
        uint128 duo,
        uint128 rule,
        uint128 uses,
        Circumstances memory around
    ) public pure {
        duo = duo & ((1 << 24) - 1);
        rule = uint128(1) << (rule % 128);
        uses = uses & ((1 << 13) - 1);
        if (rule < 32 || rule == CARE) return; // a permission, not a rule
        uint80 dates = (uint80(5) << 40) | 5;
        if (decide(duo | rule, 1, dates, uses, 1, around) == 0) {
            assertEq(decide(duo, 1, dates, uses, 1, around), 0);
        }
    }

    /// @dev What is shown in addition never forbids.
    function testFuzz_MoreEvidenceNeverForbids(
        uint128 duo,
        uint128 uses,
        uint128 more,
        Circumstances memory around
    ) public pure {
        duo = duo & ((1 << 24) - 1);
        uses = uses & ((1 << 13) - 1);
        if (decide(duo, 1, 5, uses, 2, around) != 0) return;
        around.shown |= more;
        assertEq(decide(duo, 1, 5, uses, 2, around), 0);
    }

    function testFuzz_UnknownBitsDeny(uint128 duo, uint128 uses) public pure {
        bool known = duo < (1 << 24) && uses < (1 << 13);
        Circumstances memory all = Circumstances(type(uint128).max, type(uint40).max, 0);
        if (!known) assertTrue(decide(duo, 1, type(uint80).max, uses, 1, all) != 0);
    }

    /// @dev A subject permits uses; what a requester undertakes towards the curator is not theirs to permit.
    function testFuzz_ConsentCoversUsesButNotUndertakings(uint128 permitted, uint128 uses) public pure {
        bool expected = true;
        for (uint256 i = 0; i < 128; ++i) {
            bool asked = (uses >> i) & 1 == 1 && i != 10 && i != 11 && i != 12;
            if (asked && (permitted >> i) & 1 == 0) expected = false;
        }
        assertEq(DataUse.covers(permitted, uses) ? 1 : 0, expected ? 1 : 0);
        assertTrue(DataUse.covers(uses, uses));
    }
}
