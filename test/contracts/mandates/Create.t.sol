// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IMandates} from "../../../contracts/interfaces/IMandates.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Mandate, MandateState, MandateStatus} from "../../../contracts/types/MandateTypes.sol";
import {PermitInput} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {BonusToken, FeeToken, PlainToken} from "../support/Tokens.sol";
import {MandateTest} from "./MandateTest.sol";

contract CreateMandateTest is MandateTest {
    function createReverts(bytes memory err) private {
        expectError(err);
        vm.prank(m.buyer);
        mandates.create(m, "");
    }

    /*//////////////////////////////////////////////////////////////
                               WHO OPENS
    //////////////////////////////////////////////////////////////*/

    function notBuyer(bytes memory signed_) private {
        expectError(abi.encodeWithSelector(Errors.Mandates_NotBuyer.selector, idOf(m)));
        vm.prank(stranger);
        mandates.create(m, signed_);
    }

    function test_RevertWhen_SenderIsNotBuyer() public {
        notBuyer("");
        notBuyer(signature(0xBAD, idOf(m)));
        notBuyer(signature(BUYER_KEY, idOf(mandate(bytes32("another")))));
        notBuyer(signature(BUYER_KEY, Digests.mandate(m, newEscrow(FEE_BPS).mandates())));
        vm.chainId(1);
        bytes memory elsewhere = signature(BUYER_KEY, idOf(m));
        vm.chainId(31337);
        notBuyer(elsewhere);
    }

    function test_WhenBuyerSignedAnyoneSends() public {
        bytes memory signed_ = signature(BUYER_KEY, idOf(m));
        vm.prank(stranger);
        assertEq(mandates.create(m, signed_), idOf(m));
        assertMandate(MandateState.Open, 0, PREPAID);
    }

    function test_WhenBuyerIsContractAccount() public {
        ContractAccount account = new ContractAccount(vm.addr(0xCA));
        dollar.mint(address(account), PREPAID);
        vm.prank(address(account));
        dollar.approve(address(mandates), PREPAID);
        m.buyer = address(account);
        notBuyer(signature(0xBAD, idOf(m)));
        mandates.create(m, signature(0xCA, idOf(m)));
        assertMandate(MandateState.Open, 0, PREPAID);
    }

    /*//////////////////////////////////////////////////////////////
                                 STATE
    //////////////////////////////////////////////////////////////*/

    function test_RevertGiven_Open() public {
        create();
        createReverts(wrongState(MandateState.Open));
    }

    function test_RevertGiven_Closed() public {
        create();
        vm.prank(buyer);
        mandates.cancel(m, "");
        createReverts(wrongState(MandateState.Closed));
    }

    function test_RevertGiven_AssetNotListed() public {
        bytes memory err = abi.encodeWithSelector(Errors.Mandates_AssetNotListed.selector, dataset);
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        createReverts(err);
        vm.prank(stranger);
        assets.delist(dataset);
        createReverts(err);
        m.asset = 5;
        createReverts(abi.encodeWithSelector(Errors.Mandates_AssetNotListed.selector, 5));
        PermitInput memory p;
        expectError(abi.encodeWithSelector(Errors.Mandates_AssetNotListed.selector, 5));
        vm.prank(buyer);
        mandates.createWithPermit(m, "", p);
    }

    /*//////////////////////////////////////////////////////////////
                            WHAT IS AGREED TO
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_TokenOrTermsAreAnother() public {
        bytes memory err = abi.encodeWithSelector(Errors.Mandates_ConfigurationMismatch.selector, dataset);
        m.token = 2;
        createReverts(err);
        m.token = dollarIndex;
        m.termsHash = keccak256("other terms");
        createReverts(err);
    }

    function test_RevertWhen_NoRuns() public {
        m.runs = 0;
        createReverts(abi.encodeWithSelector(Errors.Mandates_NoRuns.selector));
    }

    function test_RevertWhen_TimeIsOver() public {
        vm.warp(uint256(m.until) + 1);
        createReverts(abi.encodeWithSelector(Errors.Mandates_TooLate.selector, idOf(m), m.until));
        vm.warp(m.until);
        create();
    }

    /*//////////////////////////////////////////////////////////////
                                 MONEY
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_AllowanceIsMissing() public {
        vm.prank(buyer);
        dollar.approve(address(mandates), PREPAID - 1);
        createReverts(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(mandates),
                PREPAID - 1,
                PREPAID
            )
        );
    }

    function payIn(PlainToken token) private {
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(token));
        Listing memory l = listing(keccak256(abi.encode(token)));
        l.token = index;
        m.asset = listAs(curator, l, version());
        m.token = index;
        token.mint(buyer, 2 * PREPAID);
        vm.prank(buyer);
        token.approve(address(mandates), type(uint256).max);
    }

    function test_RevertWhen_TokenDoesNotMoveExactAmounts() public {
        payIn(new FeeToken());
        createReverts(
            abi.encodeWithSelector(
                Errors.Mandates_TokenDeltaMismatch.selector,
                PREPAID,
                PREPAID - PREPAID / 100
            )
        );
        payIn(new BonusToken());
        createReverts(
            abi.encodeWithSelector(Errors.Mandates_TokenDeltaMismatch.selector, PREPAID, PREPAID + 1)
        );
    }

    function permitOf() private view returns (PermitInput memory p) {
        p.value = PREPAID;
        p.deadline = block.timestamp + 60;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                buyer,
                address(mandates),
                p.value,
                dollar.nonces(buyer),
                p.deadline
            )
        );
        (p.v, p.r, p.s) = vm.sign(BUYER_KEY, Digests.typed(dollar.DOMAIN_SEPARATOR(), structHash));
    }

    function test_WithPermit() public {
        vm.prank(buyer);
        dollar.approve(address(mandates), 0);
        PermitInput memory p = permitOf();
        // A stranger with the permit alone opens nothing.
        expectError(abi.encodeWithSelector(Errors.Mandates_NotBuyer.selector, idOf(m)));
        vm.prank(stranger);
        mandates.createWithPermit(m, "", p);
        vm.prank(stranger);
        dollar.permit(buyer, address(mandates), p.value, p.deadline, p.v, p.r, p.s);
        vm.prank(buyer);
        mandates.createWithPermit(m, "", p);
        assertMandate(MandateState.Open, 0, PREPAID);
    }

    function test_Creates() public {
        vm.expectEmit(address(mandates));
        emit IMandates.MandateCreated(idOf(m), buyer, dataset, m, PREPAID);
        assertEq(create(), idOf(m));
        MandateStatus memory s = mandates.statusOf(idOf(m));
        assertEq(uint256(s.state), uint256(MandateState.Open));
        assertEq(s.runs, 0);
        assertEq(s.version, 1);
        assertEq(s.ranAt, 0);
        assertEq(s.balance, PREPAID);
        assertEq(dollar.balanceOf(address(mandates)), PREPAID);
        assertEq(dollar.balanceOf(buyer), WEALTH - PREPAID);
    }

    /// @dev The largest amounts that the types hold fit the slot.
    function test_CreatesAtTheWidestAmounts() public {
        m.maxPrice = type(uint96).max;
        m.maxFee = type(uint96).max;
        m.runs = type(uint16).max;
        uint256 prepaid = uint256(type(uint16).max) * (2 * uint256(type(uint96).max));
        dollar.mint(buyer, prepaid);
        create();
        assertMandate(MandateState.Open, 0, prepaid);
    }
}
