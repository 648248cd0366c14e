// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IControllers} from "../../../contracts/interfaces/IControllers.sol";

/// @notice Answers who controls a subject in the consent registry's place.
contract Controllers is IControllers {
    struct Named {
        address account;
        uint40 inForceFrom;
        bool proven;
    }

    mapping(uint256 dataset => mapping(address subject => Named)) private _named;

    function name(uint256 dataset, address subject, address account, uint40 inForceFrom) external {
        _named[dataset][subject] = Named(account, inForceFrom, true);
    }

    function controllerOf(uint256 dataset, address subject) external view returns (address) {
        Named memory named = _named[dataset][subject];
        if (!named.proven) return subject;
        return block.timestamp >= named.inForceFrom ? named.account : address(0);
    }

    function provisionalOf(uint256 dataset, address codeKey) external pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("provisional", dataset, codeKey)))));
    }

    function handOverOf(
        uint256 dataset,
        address subject
    ) external view returns (address account, uint40 inForceFrom, uint40 nonce, bool proven) {
        Named memory named = _named[dataset][subject];
        return (named.account, named.inForceFrom, 1, named.proven);
    }
}
