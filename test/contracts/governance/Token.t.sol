// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SalusToken} from "../../../contracts/governance/SalusToken.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {TestDollar} from "../../../contracts/local/TestDollar.sol";
import {GovernanceTest} from "./GovernanceTest.sol";

contract TokenTest is GovernanceTest {
    function test_RevertWhen_HoldersAndAmountsDiffer() public {
        expectError(abi.encodeWithSelector(Errors.SalusToken_LengthMismatch.selector, 1, 2));
        new SalusToken(new address[](1), new uint256[](2));
    }

    function test_HoldsTheGenesisSupply() public view {
        assertEq(token.totalSupply(), SUPPLY);
        assertEq(token.balanceOf(ann), 300_000e18);
        assertEq(token.balanceOf(cat), SUPPLY - 900_000e18);
        assertEq(token.name(), "Salus");
        assertEq(token.symbol(), "SALUS");
    }

    function test_OnlyItsCreatorMints() public {
        // In the deployment that is the issuance, which has no other way to mint than against fees.
        assertEq(token.minter(), address(this));
        expectError(abi.encodeWithSelector(Errors.SalusToken_NotMinter.selector, address(lock)));
        vm.prank(address(lock));
        token.mint(ann, 1);
    }

    function test_VotesCountByTime() public {
        assertEq(token.clock(), block.timestamp);
        assertEq(token.CLOCK_MODE(), "mode=timestamp");
        assertEq(token.getVotes(cat), 0);
        uint256 then = block.timestamp;
        vm.warp(then + 10);
        vm.prank(ann);
        token.transfer(cat, 100_000e18);
        assertEq(token.getVotes(ann), 200_000e18);
        assertEq(token.getPastVotes(ann, then), 300_000e18);
    }

    function test_MovesByPermit() public {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                ann,
                address(this),
                5,
                0,
                block.timestamp
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(0xA11, digest);
        token.permit(ann, address(this), 5, block.timestamp, v, r, s);
        assertEq(token.nonces(ann), 1);
        assertTrue(token.transferFrom(ann, ben, 5));
    }

    function test_TestDollar_RevertWhen_ChainIsNotLocal() public {
        vm.chainId(1);
        expectError(abi.encodeWithSelector(Errors.TestDollar_OnlyLocal.selector, 1));
        new TestDollar();
    }

    function test_TestDollar_HasSixDecimals() public view {
        assertEq(dollar.decimals(), 6);
    }
}
