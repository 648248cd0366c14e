// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {Issuance} from "../../../contracts/governance/Issuance.sol";
import {SalusToken} from "../../../contracts/governance/SalusToken.sol";
import {IssuanceEpoch, IssuedParts} from "../../../contracts/types/IssuanceTypes.sol";
import {Order, OrderKind, OrderState, OrderStatus} from "../../../contracts/types/OrderTypes.sol";
import {Invariants} from "../support/Invariants.sol";
import {PlainToken} from "../support/Tokens.sol";
import {Market} from "./IssuanceMarket.sol";

/// @notice Orders of any price, fee, kind and release are settled, registered, minted; epochs are closed early, late or
/// never; the treasury fills and is emptied; the vote moves floor and fee; time jumps by weeks (README.md).
contract IssuanceInvariants is Invariants {
    uint256 private constant SUPPLY = 10_000_000e18;
    uint128 private constant FLOOR = 100_000;
    uint256 private constant MONTH = 30 days;
    uint256 private constant YEAR = 365 days;

    /// @dev An order as the model sees it.
    struct Paid {
        Order order;
        uint256 fee;
        uint256 settledAt;
        bool registered;
        bool minted;
        uint256 tokens;
    }

    Issuance private _issuance;
    SalusToken private _salus;
    PlainToken private _dollar;
    Market private _market;
    uint256 private _begun;
    uint256 private _salt;
    Paid[] private _orders;
    /// @dev Epochs that have fees.
    uint256[] private _epochs;
    uint256 private _minted;
    mapping(uint256 epoch => uint256) private _fees;
    mapping(uint256 epoch => uint256) private _mintedOf;

    function setUp() public {
        clock = 1_800_000_000;
        _begun = clock;
        height = 100;
        vm.warp(clock);
        _dollar = new PlainToken();
        _market = new Market(address(_dollar));
        address[] memory holders = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (holders[0], amounts[0]) = (address(0x401D), SUPPLY);
        _issuance = new Issuance(
            address(this),
            AccessEscrow(address(_market)),
            IERC20(address(_dollar)),
            FLOOR,
            holders,
            amounts
        );
        _salus = _issuance.token();
    }

    /// @dev Stands in for the access manager: this contract is the vote.
    function canCall(address caller, address, bytes4) external view returns (bool, uint32) {
        return (caller == address(this), 0);
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](8);
        s[0] = this.stepSettle.selector;
        s[1] = this.stepRegister.selector;
        s[2] = this.stepClose.selector;
        s[3] = this.stepMint.selector;
        s[4] = this.stepTreasury.selector;
        s[5] = this.stepFloor.selector;
        s[6] = this.stepWait.selector;
        s[7] = this.stepMintToOneself.selector;
    }

    function epochAt(uint256 time) private view returns (uint256) {
        return (time - _begun) / MONTH;
    }

    function stepSettle(uint256 seed, uint96 price, uint16 bps) external step {
        Order memory o;
        o.salt = bytes32(++_salt);
        o.asset = 7;
        o.token = 1;
        o.custodian = 1;
        o.kind = seed % 4 == 0 ? OrderKind.Download : OrderKind.Analysis;
        // Small prices show the floors, large ones the cap.
        o.price = uint96(bound(price, 0, seed % 3 == 0 ? 1e4 : 1e14));
        o.custodianBps = uint16((seed >> 8) % 5_001);
        o.curatorBps = uint16((seed >> 32) % 5_001);
        OrderStatus memory status;
        status.state = seed % 16 == 1 ? OrderState.Refunded : OrderState.Settled;
        status.feeBps = bps % 1_001;
        status.changedAt = uint40(clock);
        status.cohort = uint32((seed >> 64) % 20);
        status.released = status.cohort == 0 ? 0 : uint32((seed >> 96) % (status.cohort + 1));
        _market.set(o, status);
        uint256 fee = (uint256(o.price) * status.feeBps) / 10_000;
        if (o.kind == OrderKind.Download)
            fee = status.cohort == 0 ? 0 : (fee * status.released) / status.cohort;
        if (status.state == OrderState.Refunded) fee = 0;
        Paid storage p = _orders.push();
        p.order = o;
        p.fee = fee;
        p.settledAt = clock;
    }

    function stepRegister(uint256 seed) external step {
        if (_orders.length == 0) return;
        Paid storage p = _orders[seed % _orders.length];
        uint256 epoch = epochAt(p.settledAt);
        bool may = p.fee != 0 && !p.registered && epochAt(clock) <= epoch + 1;
        try _issuance.register(p.order) {
            expect(may, "registered against the rules");
            p.registered = true;
            if (_fees[epoch] == 0) _epochs.push(epoch);
            _fees[epoch] += p.fee;
        } catch {
            expect(!may, "refused to register");
        }
    }

    function stepClose(uint256 seed) external step {
        uint256 epoch = seed % (epochAt(clock) + 2);
        bool may = epoch < epochAt(clock) && _issuance.epochOf(uint32(epoch)).price == 0;
        try _issuance.close(uint32(epoch)) {
            expect(may, "closed against the rules");
        } catch {
            expect(!may, "refused to close");
        }
    }

    function stepMint(uint256 seed) external step {
        if (_orders.length == 0) return;
        Paid storage p = _orders[seed % _orders.length];
        uint256 epoch = epochAt(p.settledAt);
        bool may = p.registered && !p.minted && clock >= _begun + (epoch + 1) * MONTH + YEAR;
        try _issuance.mint(p.order) returns (IssuedParts memory parts) {
            expect(may, "minted against the rules");
            p.minted = true;
            p.tokens = parts.custodian + parts.curator + parts.pot;
            _mintedOf[epoch] += p.tokens;
            _minted += p.tokens;
        } catch {
            expect(!may, "refused to mint");
        }
    }

    function stepTreasury(uint256 seed, uint96 amount) external step {
        address treasury = _market.commons();
        if (seed % 3 == 1) return _market.setCredit(amount);
        if (seed % 3 == 2) return _dollar.mint(treasury, amount);
        // A vote that spends all there is.
        _market.setCredit(0);
        uint256 all = _dollar.balanceOf(treasury);
        vm.prank(treasury);
        _dollar.transfer(address(0xDEAD), all);
    }

    function stepFloor(uint256 seed, uint128 floor) external step {
        if (seed % 2 == 0) floor = uint128(bound(floor, FLOOR, uint256(FLOOR) * 1_000));
        bool may = floor >= FLOOR && floor <= uint256(FLOOR) * 1_000;
        try _issuance.setFloor(floor) {
            expect(may, "took a floor beyond its bounds");
        } catch {
            expect(!may, "refused a floor");
        }
    }

    function stepWait(uint256 seconds_) external step {
        clock += bound(seconds_, 1, seconds_ % 5 == 0 ? YEAR : MONTH);
    }

    /// @dev Whoever tries by another way: the vote, the market, anyone.
    function stepMintToOneself(uint256 seed, uint96 amount) external step {
        vm.prank(seed % 2 == 0 ? address(this) : address(_market));
        try _salus.mint(address(this), amount) {
            expect(false, "minted without the issuance");
        } catch {}
    }

    /*//////////////////////////////////////////////////////////////
                               INVARIANTS
    //////////////////////////////////////////////////////////////*/

    function invariant_IssuedWithinRateTimesFees() public view {
        assertNothingViolated();
        for (uint256 i = 0; i < _epochs.length; ++i) {
            uint256 epoch = _epochs[i];
            IssuanceEpoch memory e = _issuance.epochOf(uint32(epoch));
            assertEq(e.fees, _fees[epoch]);
            if (e.price == 0) assertEq(_mintedOf[epoch], 0);
            else assertTrue(e.price >= FLOOR);
            assertTrue(_mintedOf[epoch] * e.price <= _fees[epoch] * 1e18);
        }
    }

    function invariant_IssuedWithinAHundredthAnEpoch() public view {
        for (uint256 i = 0; i < _epochs.length; ++i) {
            uint256 cap = _issuance.epochOf(uint32(_epochs[i])).cap;
            assertTrue(_mintedOf[_epochs[i]] <= cap);
            assertTrue(cap * 100 <= _salus.totalSupply());
        }
    }

    function invariant_SupplyIsGenesisAndMinted() public view {
        assertNothingViolated();
        assertEq(_salus.totalSupply(), SUPPLY + _minted);
    }

    /// @dev No order's tokens exist earlier than a year after its epoch, and no entitlement is used twice.
    function invariant_NothingIsEarlyOrTwice() public view {
        uint256 sum = 0;
        for (uint256 i = 0; i < _orders.length; ++i) {
            Paid storage p = _orders[i];
            sum += p.tokens;
            if (p.minted) assertTrue(clock >= _begun + (epochAt(p.settledAt) + 1) * MONTH + YEAR);
        }
        assertEq(_salus.totalSupply() - SUPPLY, sum);
    }

    /// @dev What is not minted votes nowhere: custodian and curator have exactly what was minted to them.
    function invariant_OnlyWhatIsMintedIsHeld() public view {
        uint256 held = _salus.balanceOf(_market.operatorOf(1)) + _salus.balanceOf(_market.ownerOf(7));
        assertEq(held + _salus.balanceOf(address(_market)), _minted);
    }

    /// @dev Whatever happened, every registered order's tokens can be minted by anyone once their time has come.
    function invariant_EveryEntitlementCanBeMinted() public {
        if (_orders.length == 0) return;
        Paid storage p = _orders[height % _orders.length];
        if (!p.registered || p.minted) return;
        vm.warp(clock + 2 * YEAR);
        vm.prank(address(0x57A));
        _issuance.mint(p.order);
    }
}
