// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Listing, Parent, Training, Version} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Orders} from "./Orders.sol";

/// @title Models
/// @notice Publishes a model that was trained on the dataset.
abstract contract Models is Orders {
    uint80 internal constant MODEL_PRICE = 3e6;
    uint16 internal constant MODEL_CUSTODIAN_BPS = 2_000;
    uint16 internal constant MODEL_CURATOR_BPS = 3_000;
    bytes32 internal constant MODEL_FILE = keccak256("model file");

    /// @dev The contributors of the training: half of the price is theirs.
    bytes32 internal trainedOn;

    function publishModel() internal returns (uint256 model) {
        return publishModelIn(dollarIndex, MODEL_PRICE);
    }

    /// @dev The model is paid in a token of its own; the dataset stays in dollars.
    function publishModelIn(uint16 token, uint80 price) internal returns (uint256 model) {
        bytes32 salt = bytes32("output salt");
        Order memory o = order(OrderKind.Training, keccak256(abi.encode("training", token)));
        fund(o);
        Receipt memory r = receipt(o);
        r.output = keccak256(abi.encode(salt, MODEL_FILE));
        escrow.deliver(o, r, signed(r, 1, 2));
        passDispute();
        escrow.settle(o);
        trainedOn = r.contributorsRoot;
        Listing memory l = listing(keccak256(abi.encode("model", token)));
        l.modes = 16;
        (l.custodianBps, l.curatorBps) = (MODEL_CUSTODIAN_BPS, MODEL_CURATOR_BPS);
        (l.token, l.price) = (token, price);
        l.privacyCap = 0;
        Version memory v = Version(MODEL_FILE, 0, 1, gatewaySet, 0, keccak256("model descriptor"));
        bytes memory custody_ = custody(buyer, l, v);
        Parent[] memory parents = parentsOfModel();
        vm.prank(buyer);
        return assets.publish(l, v, parents, Training(address(escrow), o, r, salt, terms()), custody_);
    }

    function parentsOfModel() internal view returns (Parent[] memory parents) {
        parents = new Parent[](1);
        parents[0] = Parent(dataset, trainedOn, 5_000);
    }
}
