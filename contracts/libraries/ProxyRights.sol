// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title ProxyRights
/// @notice What a proxy may do for a subject, one bit each. None of them names or removes a proxy.
library ProxyRights {
    uint8 internal constant GRANT = 1 << 0;
    uint8 internal constant REVOKE = 1 << 1;

    uint8 internal constant ALL = GRANT | REVOKE;
}
