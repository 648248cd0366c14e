// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What not to do: consents that an administrator may write.
contract NaiveConsent {
    address private immutable _admin;
    mapping(address subject => uint256) public purposesOf;

    constructor(address admin) {
        _admin = admin;
    }

    function grant(address subject, uint256 purposes) external {
        require(msg.sender == subject || msg.sender == _admin, "not the subject");
        purposesOf[subject] = purposes;
    }
}

/// @notice What not to do: gateway sets whose members a vote exchanges, below datasets that were shared with others.
contract NaiveGatewaySets {
    address private immutable _owner;
    mapping(uint256 set => address[]) private _signers;

    constructor(address owner, address[] memory signers) {
        _owner = owner;
        _signers[1] = signers;
    }

    function setSigners(uint256 set, address[] calldata signers) external {
        require(msg.sender == _owner, "not the owner");
        _signers[set] = signers;
    }

    function mayHaveShares(uint256 set, address signer) external view returns (bool) {
        address[] storage signers = _signers[set];
        for (uint256 i = 0; i < signers.length; ++i) if (signers[i] == signer) return true;
        return false;
    }
}
