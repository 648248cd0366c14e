// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {OrderKind} from "../types/OrderTypes.sol";

/// @title Modes
/// @notice The ways in which an asset may be used, one bit each. Datasets know all but `MODEL_USE`, models only that one.
library Modes {
    uint8 internal constant ANALYSIS = 1 << 0;
    uint8 internal constant TRAINING = 1 << 1;
    uint8 internal constant DOWNLOAD = 1 << 2;
    /// @notice Of a word: subject and custodian gave it together. Of a dataset: only such words count.
    uint8 internal constant TWO_PERSON = 1 << 3;
    uint8 internal constant MODEL_USE = 1 << 4;
    /// @notice Of a dataset only: leaves that its custodian attests, and no subject signed, do not count.
    uint8 internal constant SUBJECT_SIGNED = 1 << 5;

    uint8 internal constant DATASET_MODES = ANALYSIS | TRAINING | DOWNLOAD;
    /// @notice What a dataset may ask of words beside the mode of use.
    uint8 internal constant DATASET_RULES = TWO_PERSON | SUBJECT_SIGNED;

    /// @notice The mode that an order of this kind needs; zero for `None`.
    function needed(OrderKind kind) internal pure returns (uint8) {
        if (kind == OrderKind.Analysis) return ANALYSIS;
        if (kind == OrderKind.Training) return TRAINING;
        if (kind == OrderKind.Download) return DOWNLOAD;
        if (kind == OrderKind.ModelUse) return MODEL_USE;
        return 0;
    }
}
