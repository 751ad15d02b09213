/** The note of a waiver that is over other images alone: reports only count such ones. */
export const forOtherImages = 'is for other images';

/** The note of a waiver that has nothing to do. Other images may need it: whether to remove it is not told by one. */
export const nothingToAnswer = 'there is nothing in this image that it would answer';
