// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {HandOver} from "../../../contracts/types/ConsentTypes.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {Claim, OwnClaim, RewardLeaf, RewardProof, RewardRoot} from "../../../contracts/types/RewardTypes.sol";
import {Base} from "../support/Base.sol";
import {Digests} from "../support/Digests.sol";
import {SumTrees} from "../support/SumTrees.sol";

/// @notice A dataset of people with known keys, funded, and roots over what they earned.
abstract contract RewardsTest is Base {
    uint256 internal constant CODE_KEY = 0xC0DE;

    /// @dev The key of subject i, so that subjects ascend with i.
    mapping(uint256 i => uint256 key) internal keys;

    RewardLeaf[] internal tree;
    uint40 internal epoch;

    function setUp() public virtual override {
        super.setUp();
        sortKeys(5);
        dollar.mint(address(this), 1_000_000);
        dollar.approve(address(rewards), type(uint256).max);
        epoch = uint40(block.number - 100);
    }

    /// @dev Puts the keys 0x5001… in ascending order of their addresses.
    function sortKeys(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            uint256 key = 0x5001 + i;
            uint256 at = i;
            for (; at > 0 && vm.addr(keys[at - 1]) > vm.addr(key); --at) keys[at] = keys[at - 1];
            keys[at] = key;
        }
    }

    function subject(uint256 i) internal view returns (address) {
        return vm.addr(keys[i]);
    }

    /// @dev Leaves of subjects 0, 1, … with these amounts, nothing lapsed.
    function leaves(uint128[] memory amounts) internal view returns (RewardLeaf[] memory list) {
        list = new RewardLeaf[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) list[i] = RewardLeaf(subject(i), amounts[i], 0);
    }

    function three(uint128 a, uint128 b, uint128 c) internal view returns (RewardLeaf[] memory) {
        uint128[] memory amounts = new uint128[](3);
        (amounts[0], amounts[1], amounts[2]) = (a, b, c);
        return leaves(amounts);
    }

    function rootOf(RewardLeaf[] memory list) internal returns (RewardRoot memory r) {
        SumTrees.Node memory top = SumTrees.root(list);
        r.dataset = dataset;
        r.token = address(dollar);
        r.epoch = ++epoch;
        r.root = top.hash;
        r.total = top.sum;
        r.count = uint32(list.length);
        r.leafFile = keccak256("leaf file");
    }

    function digest(RewardRoot memory r) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    bytes.concat(
                        "RewardRoot(uint256 dataset,address token,uint40 epoch,bytes32 root,uint128 total,",
                        "uint32 count,bytes32 leafFile)"
                    )
                ),
                r.dataset,
                r.token,
                uint256(r.epoch),
                r.root,
                uint256(r.total),
                uint256(r.count),
                r.leafFile
            )
        );
        return Digests.typed(Digests.domain("Salus ContributorRewards", address(rewards)), structHash);
    }

    function signed(
        RewardRoot memory r,
        uint16 first,
        uint16 second
    ) internal view returns (GatewaySignature[] memory list) {
        list = new GatewaySignature[](second == 0 ? 1 : 2);
        list[0] = GatewaySignature(first, signature(SIGNER_KEY + first, digest(r)));
        if (second != 0) list[1] = GatewaySignature(second, signature(SIGNER_KEY + second, digest(r)));
    }

    function post(RewardLeaf[] memory list) internal returns (RewardRoot memory r) {
        r = rootOf(list);
        rewards.postRoot(r, signed(r, 1, 2));
    }

    function passWindow() internal {
        vm.warp(block.timestamp + CHALLENGE);
    }

    /// @dev Funds what the leaves need, posts them and waits until they can be claimed.
    function open(RewardLeaf[] memory list) internal {
        fundUpTo(SumTrees.root(list).sum);
        post(list);
        passWindow();
        delete tree;
        for (uint256 i = 0; i < list.length; ++i) tree.push(list[i]);
    }

    function fundUpTo(uint256 total) internal {
        (uint128 funded, ) = rewards.accountOf(dataset, address(dollar));
        if (total > funded) rewards.fund(dataset, address(dollar), total - funded);
    }

    function proof(uint256 i) internal view returns (RewardProof memory) {
        return SumTrees.prove(tree, i);
    }

    /// @dev The real hand-over of the provisional subject of CODE_KEY; in force after its delay.
    function handOver(address who, address controller) internal returns (uint256 inForceFrom) {
        HandOver memory h = HandOver(dataset, who, controller, 0, uint40(block.timestamp + 60));
        bytes32 said = consent.hashHandOver(h);
        consent.handOver(h, vm.addr(CODE_KEY), signature(CODE_KEY, said), signature(SIGNER_KEY + 1, said));
        return block.timestamp + HAND_OVER_DELAY;
    }

    function proofOf(RewardLeaf[] memory list, uint256 i) internal pure returns (RewardProof memory) {
        return SumTrees.prove(list, i);
    }

    function claimOf(uint256 i, address to, uint128 upTo) internal view returns (Claim memory) {
        return Claim(dataset, address(dollar), subject(i), to, upTo, uint40(block.timestamp + 60));
    }

    function digest(Claim memory c) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Claim(uint256 dataset,address token,address subject,address to,uint128 upTo,uint40 deadline)"
                ),
                c.dataset,
                c.token,
                c.subject,
                c.to,
                uint256(c.upTo),
                uint256(c.deadline)
            )
        );
        return Digests.typed(Digests.domain("Salus ContributorRewards", address(rewards)), structHash);
    }

    function signed(Claim memory c, uint256 key) internal view returns (bytes memory) {
        return signature(key, digest(c));
    }

    function own(RewardProof memory p) internal view returns (OwnClaim[] memory list) {
        list = new OwnClaim[](1);
        list[0] = OwnClaim(dataset, address(dollar), p);
    }

    function claimable() internal view returns (bytes32) {
        return rewards.claimableRoot(dataset, address(dollar)).hash;
    }

    function last() internal view returns (bytes32) {
        return rewards.lastRoot(dataset, address(dollar)).hash;
    }
}
